import CompanionCore
import Foundation
import Testing

/// Somebody who listens, and all that they heard.
final class Ears: ChangeListener, @unchecked Sendable {
    private let lock = NSLock()
    private var heard: [RecordChange] = []
    private let (calls, called) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private var subscription: ChangeSubscription?
    private var canceledAfter: Int?

    static func listen(to record: PhoneRecord) async throws -> Ears {
        let ears = Ears()
        ears.subscription = try await record.listen(listener: ears)
        return ears
    }

    func onChange(change: RecordChange) {
        lock.withLock { heard.append(change) }
        called.yield()
    }

    private var all: [RecordChange] { lock.withLock { heard } }

    /// Waits until it heard of these kinds, and of that place in the record; the test's own limit ends it.
    func wait(for kinds: [String], newest: Int64?) async throws {
        var calls = calls.makeAsyncIterator()
        while !hasHeard(of: kinds, newest: newest) {
            guard await calls.next() != nil else { throw Broken("only \(all) was heard, not \(kinds)") }
        }
    }

    private func hasHeard(of kinds: [String], newest: Int64?) -> Bool {
        let all = all
        let named = all.contains { change in
            kinds.isEmpty ? change.kinds.isEmpty : Set(kinds).isSubset(of: change.kinds)
        }
        return named && (newest == nil || all.contains { $0.sequence >= newest! })
    }

    func cancel() throws {
        try subscription?.cancel()
        canceledAfter = all.count
    }

    /// It heard nothing since it was canceled, but for a call that was under way.
    func mustHaveHeardNoMore() throws {
        guard let canceledAfter else { throw Broken("it was not canceled") }
        #expect(all.count <= canceledAfter + 1)
    }

    /// The present state came first, and no change before an older one.
    func mustBeInOrder() throws {
        let all = all
        #expect(all.first?.kinds == [])
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.sequence <= $1.sequence }, "\(all)")
    }
}
