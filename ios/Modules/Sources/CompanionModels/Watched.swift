public import CompanionCore
import CompanionKit
public import Observation

/// What a page shows, as far as it is known.
public enum Loaded<Value: Equatable & Sendable>: Equatable, Sendable {
    case notYet
    case here(Value)
    case problem(CompanionError)
}

/// Something of the record, kept as new as the record is.
@MainActor @Observable
public final class Watched<Value: Equatable & Sendable> {
    public private(set) var shown = Loaded<Value>.notYet
    /// Counts what a person asked for after a problem. A page follows anew with each.
    public private(set) var attempt = 0

    public init() {}

    /// Follows until the task is canceled. While the record sleeps, what was there before stays.
    func follow(
        _ record: PhoneRecord, _ kinds: Set<String> = [],
        load: @escaping @Sendable (PhoneRecord) async throws -> Value
    ) async {
        do {
            for try await value in record.watching(kinds, load: load) { shown = .here(value) }
        } catch is CancellationError {
            // Nobody looks any more.
        } catch {
            shown = .problem(CompanionError(error))
        }
    }

    public func tryAgain() {
        shown = .notYet
        attempt += 1
    }
}

/// How something that a person wrote gets into the record.
public enum Saving: Equatable, Sendable {
    case not
    case now
    case failed(CompanionError)
    case done
}
