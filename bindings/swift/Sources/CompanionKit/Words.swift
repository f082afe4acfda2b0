import CompanionCore

extension CompanionError {
    /// A sentence for a person, in plain English, with nothing of what anybody wrote. An app in another language
    /// branches on the error itself. Never show `localizedDescription`: it is the error as Swift would print it.
    public var words: String {
        switch self {
        case .WrongKey(let words), .VaultFailed(let words), .RecordLost(let words), .Damaged(let words),
            .DiskFull(let words), .NotWritable(let words), .InUse(let words), .DiskFailed(let words),
            .Invalid(_, _, let words), .Offline(_, let words), .BadAddress(let words),
            .Refused(_, _, let words), .BadAnswer(let words), .BadLink(let words),
            .BadRecoveryWords(let words), .ChangedMeanwhile(let words), .NotFound(_, let words),
            .NotNow(_, let words), .Media(_, let words), .Import(let words), .Other(let words),
            .Internal(let words):
            words
        case .NoKey: "there is a record on this phone, and its key is missing"
        case .VaultLocked: "the key is locked"
        case .NewerRecord: "the record was written by a newer version of the app; update it"
        case .Untrusted: "the server's certificate is not trusted"
        case .Canceled: "it was canceled"
        case .Paused: "the app is paused"
        case .NotPaired: "this phone is not paired with a clinic yet"
        case .AlreadyPaired(let clinic): "this phone is already paired with \(clinic)"
        }
    }

    /// Whether the same call can go well a little later, with nothing changed by a person but the passing of time or
    /// a better connection.
    public var isPassing: Bool {
        switch self {
        case .Offline, .InUse, .VaultLocked, .Paused, .Canceled, .Internal: true
        case .Refused(_, let isPassing, _): isPassing
        case .WrongKey, .NoKey, .VaultFailed, .NewerRecord, .RecordLost, .Damaged, .DiskFull, .NotWritable,
            .DiskFailed, .Invalid, .Untrusted, .BadAddress, .BadAnswer, .NotPaired, .AlreadyPaired, .BadLink,
            .BadRecoveryWords, .ChangedMeanwhile, .NotFound, .NotNow, .Media, .Import, .Other:
            false
        }
    }

    /// Any error as one of these: what is none of the library's is a fault of the app's.
    public init(_ error: any Error) {
        self = switch error {
        case let error as CompanionError: error
        case is CancellationError: .Canceled
        // What it says can hold anything: it is not repeated.
        default: .Internal(words: "something went wrong inside the app; nothing is lost")
        }
    }
}
