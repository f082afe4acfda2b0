import CompanionCore
import Foundation

extension PhoneRecord {
    /// Exchanges with the server, as `sync` does, and gives up on that when the task is canceled: what the server
    /// acknowledged stays so, and nothing is undone. Throws `CancellationError` then.
    ///
    /// `soFar` is told how far it got, on a thread of the library.
    public func exchange(
        soFar: (@Sendable (SyncProgressView) -> Void)? = nil
    ) async throws -> SyncView {
        try Task.checkCancellation()
        let stop = ExchangeStop()
        do {
            return try await withTaskCancellationHandler {
                try await syncTelling(listener: soFar.map(Teller.init), stop: stop)
            } onCancel: {
                try? stop.stop()
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
