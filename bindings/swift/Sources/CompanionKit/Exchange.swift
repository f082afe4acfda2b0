import CompanionCore
import Foundation

extension PhoneRecord {
    /// Exchanges with the server, as `sync` does, and gives up when the task is canceled: what the server acknowledged
    /// stays so, and nothing is undone. Throws `CancellationError` then.
    ///
    /// Giving up ends every exchange of this record that is under way, not this one alone.
    ///
    /// `soFar` is told how far it got, on a thread of the library.
    public func exchange(
        soFar: (@Sendable (SyncProgressView) -> Void)? = nil
    ) async throws -> SyncView {
        try await cancelable {
            guard let soFar else { return try await self.sync() }
            return try await self.syncTelling(listener: Teller(soFar))
        }
    }

    /// Joins by a link, as `pair` does, and gives up when the task is canceled.
    public func join(by link: String) async throws -> PairingView {
        try await cancelable { try await self.pair(link: link) }
    }

    private func cancelable<Value: Sendable>(
        _ call: @Sendable () async throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        let isDone = Flag()
        defer { isDone.set() }
        do {
            return try await withTaskCancellationHandler(operation: call) {
                // An exchange that has not begun yet does not hear of it: so it is said until there is none.
                Task.detached {
                    while !isDone.isSet {
                        try? self.stopSyncing()
                        try? await Task.sleep(for: .milliseconds(20))
                    }
                }
            }
        } catch CompanionError.Canceled where Task.isCancelled {
            throw CancellationError()
        }
    }
}

/// Hands on how far an exchange got.
private final class Teller: SyncListener {
    private let hears: @Sendable (SyncProgressView) -> Void

    init(_ hears: @escaping @Sendable (SyncProgressView) -> Void) {
        self.hears = hears
    }

    func onProgress(soFar: SyncProgressView) {
        hears(soFar)
    }
}

/// Set once, from any thread. (`Mutex` is there from iOS 18 on.)
private final class Flag: @unchecked Sendable {
    private let lock = NSLock()
    private var value = false

    var isSet: Bool { lock.withLock { value } }

    func set() {
        lock.withLock { value = true }
    }
}
