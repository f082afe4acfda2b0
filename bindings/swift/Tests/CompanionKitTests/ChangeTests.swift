import CompanionCore
import CompanionKit
import Foundation
import Observation
import Testing

/// Hearing of changes: the present first, in order, to the end of whoever listens.
@Suite struct ChangeTests {
    @Test func thePresentComesFirstAndThenEachChangeInOrder() async throws {
        let phone = try await Phone.new()
        let kind = try phone.journal.kind()
        var changes = try await phone.record.changes().makeAsyncIterator()
        let first = try #require(await changes.next())
        #expect(first.kinds.isEmpty)
        var sequence = first.sequence
        for number in 0..<50 {
            try await phone.write("\(number)")
            let change = try #require(await changes.next())
            #expect(change.kinds == [kind])
            #expect(change.sequence > sequence)
            sequence = change.sequence
        }
    }

    @Test func whoIsSlowHearsOfTheNewestAndNeverOfAnOlderOne() async throws {
        let phone = try await Phone.new()
        let changes = try await phone.record.changes()
        for number in 0..<200 {
            try await phone.write("\(number)")
        }
        let newest = try await phone.record.sequence()
        var last = Int64.min
        for await change in changes {
            #expect(change.sequence >= last)
            last = change.sequence
            if last >= newest { break }
        }
        #expect(last == newest)
    }

    @Test func aCanceledTaskHearsNoMore() async throws {
        let phone = try await Phone.new()
        let record = phone.record
        let (heard, hears) = AsyncStream.makeStream(of: RecordChange.self)
        let task = Task {
            for await change in try await record.changes() {
                hears.yield(change)
            }
            hears.finish()
        }
        var seen = heard.makeAsyncIterator()
        _ = try #require(await seen.next())
        task.cancel()
        // The stream ends, so the loop does, so this does.
        #expect(await seen.next() == nil)
        try await task.value
        try await phone.write("nobody hears of it")
    }

    @Test func theCoreLetsGoOfAListenerWhoseStreamIsLetGoOf() async throws {
        let phone = try await Phone.new()
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        do {
            let tracer = Tracer { end.yield() }
            let subscription = try await phone.record.listen(listener: tracer)
            try subscription.cancel()
        }
        // The listener itself is let go of once the core calls it no more.
        var once = ended.makeAsyncIterator()
        #expect(await once.next() != nil)
    }

    @Test func whoWatchesLoadsTheNewestOnceForManyChanges() async throws {
        let phone = try await Phone.new()
        let journal = phone.journal
        let loads = Counter()
        let counts = phone.record.watching([try journal.kind()]) { _ in
            loads.add()
            return try await journal.count(request: PageRequest())
        }
        for number in 0..<100 {
            try await phone.write("\(number)")
        }
        var last: UInt64 = 0
        for try await count in counts {
            #expect(count >= last)
            last = count
            if count == 100 { break }
        }
        #expect(last == 100)
        #expect(loads.count <= 102)
    }

    @Test func whoWatchesOneKindIsNotToldOfAnother() async throws {
        let phone = try await Phone.new()
        let checkIns = try phone.record.checkIns()
        let loads = Counter()
        let watched = phone.record.watching([try checkIns.kind()]) { _ in
            loads.add()
            return try await checkIns.count(request: PageRequest())
        }
        var counts = watched.makeAsyncIterator()
        #expect(try await counts.next() == 0)
        for number in 0..<20 {
            try await phone.write("\(number)")
        }
        _ = try await checkIns.create(request: CheckInRequest(valence: 4, visibility: .onlyMe, at: moment))
        #expect(try await counts.next() == 1)
        #expect(loads.count == 2)
    }

    @Test func whoWatchesGoesOnAfterAPauseAndAPanic() async throws {
        let phone = try await Phone.new()
        let watched = phone.record.watching { try await $0.journal().count(request: PageRequest()) }
        var counts = watched.makeAsyncIterator()
        #expect(try await counts.next() == 0)
        try await phone.record.pause()
        try await phone.record.resume()
        try await phone.write("after the pause")
        while try await counts.next() != 1 {}
        _ = await error { try await phone.record.panicInside() }
        try await phone.write("after the panic")
        while try await counts.next() != 2 {}
    }

    @Test func anErrorOfTheLoadingEndsTheWatching() async throws {
        let phone = try await Phone.new()
        let gone = UUID()
        var entries = phone.record.watching { try await $0.journal().get(id: gone) }.makeAsyncIterator()
        do {
            _ = try await entries.next()
            Issue.record("no error")
        } catch CompanionError.NotFound(let what, _) {
            #expect(what == .document)
        }
    }

    @MainActor @Test func theStandingOfThePhoneIsObserved() async throws {
        let phone = try await Phone.new()
        let standing = PhoneStanding(phone.record)
        #expect(standing.status == nil)
        let (changes, changed) = AsyncStream.makeStream(of: Void.self)
        withObservationTracking {
            _ = standing.status
        } onChange: {
            changed.yield()
        }
        let following = Task { await standing.follow() }
        var first = changes.makeAsyncIterator()
        #expect(await first.next() != nil)
        while standing.status == nil { await Task.yield() }
        #expect(standing.status?.pairing == .alone)
        #expect(standing.problem == nil)
        await standing.exchange()
        #expect(standing.problem == .NotPaired)
        #expect(!standing.isExchanging)
        following.cancel()
        await following.value
        #expect(standing.problem == .NotPaired)
    }
}

/// Says when it is let go of.
private final class Tracer: ChangeListener {
    private let ends: @Sendable () -> Void

    init(ends: @escaping @Sendable () -> Void) {
        self.ends = ends
    }

    func onChange(change: RecordChange) {}

    deinit {
        ends()
    }
}

private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var value = 0

    func add() {
        lock.withLock { value += 1 }
    }

    var count: Int { lock.withLock { value } }
}
