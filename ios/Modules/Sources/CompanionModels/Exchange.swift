public import CompanionCore
import CompanionKit
public import Observation

/// What goes to the clinic and comes from it.
@MainActor @Observable
public final class Exchange {
    public enum Reached: Equatable, Sendable {
        /// None was tried yet, or there is nobody to reach.
        case nobody
        case server
        /// What is written stays on this phone, and goes later.
        case notNow(CompanionError)
    }

    public private(set) var reached = Reached.nobody

    @ObservationIgnored private let record: PhoneRecord
    @ObservationIgnored private var connection: LiveConnection?
    @ObservationIgnored private var hearing: Task<Void, Never>?

    init(_ record: PhoneRecord) {
        self.record = record
    }

    /// Begins to hear of what is new. Does nothing once it has begun.
    func begin() async {
        guard hearing == nil else { return }
        let (heard, hears) = AsyncStream.makeStream(of: Reached.self)
        hearing = Task { [weak self] in
            for await reached in heard { self?.reached = reached }
        }
        do {
            connection = try await record.stayInTouch(listener: Ear { hears.yield($0) })
        } catch {
            hears.finish()
            hearing = nil
            note(error)
        }
    }

    /// Sends what was just written, and asks what is new.
    public func soon() {
        Task { await now() }
    }

    public func now() async {
        do {
            _ = try await record.exchange()
            reached = .server
        } catch {
            note(error)
        }
    }

    private func note(_ error: any Error) {
        switch CompanionError(error) {
        case .NotPaired: reached = .nobody
        // The app left the screen, or somebody gave up: it goes on by itself.
        case .Paused, .Canceled: break
        case let why: reached = .notNow(why)
        }
    }

    deinit {
        hearing?.cancel()
        try? connection?.cancel()
    }
}

/// Hears of exchanges on a thread of the library.
private final class Ear: LiveListener {
    private let hears: @Sendable (Exchange.Reached) -> Void

    init(_ hears: @escaping @Sendable (Exchange.Reached) -> Void) {
        self.hears = hears
    }

    func onExchange(done: SyncView) { hears(.server) }
    func onFailure(why: CompanionError) { hears(.notNow(why)) }
}
