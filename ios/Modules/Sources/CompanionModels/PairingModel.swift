import CompanionCore
import CompanionKit
import Foundation
public import Observation

/// Pairing with a clinic: the link, then the words, then the wait for whoever lets this phone in.
@MainActor @Observable
public final class PairingModel {
    public var link = ""
    public private(set) var trying = Saving.not

    @ObservationIgnored private let record: PhoneRecord
    @ObservationIgnored private let exchange: Exchange

    init(_ record: PhoneRecord, _ exchange: Exchange) {
        self.record = record
        self.exchange = exchange
    }

    public var canPair: Bool { !trimmed.isEmpty && trying != .now }

    public func pair() async {
        guard canPair else { return }
        trying = .now
        do {
            _ = try await record.pair(link: trimmed)
            link = ""
            trying = .done
        } catch {
            trying = .failed(CompanionError(error))
        }
    }

    private var trimmed: String { link.trimmingCharacters(in: .whitespacesAndNewlines) }
}
