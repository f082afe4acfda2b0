import CompanionCore
@testable import CompanionKit
import Foundation
import Observation
import Testing

/// Hearing of changes: the present first, in order, to the end of whoever listens.
@Suite(.timeLimit(.minutes(5))) struct ChangeTests {
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

    @Test func theCoreLetsGoOfWhatNobodyReads() async throws {
        let phone = try await Phone.new()
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        do {
            let tracer = Tracer { end.yield() }
            var changes = try await phone.record.stream(bufferingPolicy: .unbounded) { change in
                tracer.see(change)
            }.makeAsyncIterator()
            #expect(await changes.next() != nil)
        }
        // What the listener holds is let go of once the core calls it no more.
        var once = ended.makeAsyncIterator()
        #expect(await once.next() != nil)
    }

    @Test func changesThatComeWhileItLoadsAreOneMoreLoad() async throws {
        let phone = try await Phone.new()
        let loads = Counter()
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let (loading, begins) = AsyncStream.makeStream(of: Void.self)
        let counts = phone.record.watching([try phone.journal.kind()]) { record in
            loads.add()
            if loads.count == 1 {
                begins.yield()
                for await _ in gate { break }
            }
            return try await record.journal().count(request: PageRequest())
        }
        for await _ in loading { break }
        for number in 0..<100 {
            try await phone.write("\(number)")
        }
        open.yield()
        for try await count in counts {
            if count == 100 { break }
        }
        // Those that the listener heard of by then are one; a few may come after.
        #expect(loads.count < 20)
    }

    @Test func whatIsTheSameAsBeforeIsNotSaidAgain() async throws {
        let phone = try await Phone.new()
        let (loaded, loads) = AsyncStream.makeStream(of: Void.self)
        let isThere = phone.record.watching { record in
            defer { loads.yield() }
            return try await record.journal().count(request: PageRequest()) > 0
        }
        var said = isThere.makeAsyncIterator()
        var each = loaded.makeAsyncIterator()
        #expect(try await said.next() == false)
        _ = await each.next()
        var written: [UUID] = []
        for number in 0..<3 {
            written.append(try await phone.write("\(number)").head.id)
            _ = await each.next()
        }
        #expect(try await said.next() == true)
        for id in written {
            try await phone.journal.delete(id: id)
        }
        #expect(try await said.next() == false)
    }

    @Test func whatSleptWhileItLoadedIsLoadedWithTheNextChange() async throws {
        let phone = try await Phone.new()
        let loads = Counter()
        let (asleep, sleeps) = AsyncStream.makeStream(of: Void.self)
        let watched = phone.record.watching { record in
            loads.add()
            if loads.count == 1 {
                sleeps.yield()
                throw CompanionError.Paused
            }
            return try await record.journal().count(request: PageRequest())
        }
        for await _ in asleep { break }
        try await phone.write("the next change")
        var counts = watched.makeAsyncIterator()
        #expect(try await counts.next() == 1)
    }

    @Test func afterAFaultInsideItIsLoadedOnceMoreAndNoOftener() async throws {
        let phone = try await Phone.new()
        let loads = Counter()
        let once = phone.record.watching { record in
            loads.add()
            if loads.count == 1 {
                throw CompanionError.Internal(words: "a fault")
            }
            return try await record.journal().count(request: PageRequest())
        }
        var counts = once.makeAsyncIterator()
        #expect(try await counts.next() == 0)
        let always = phone.record.watching { _ -> UInt64 in throw CompanionError.Internal(words: "a fault") }
        var none = always.makeAsyncIterator()
        await #expect(throws: CompanionError.self) { try await none.next() }
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
private final class Tracer: Sendable {
    private let ends: @Sendable () -> Void

    init(ends: @escaping @Sendable () -> Void) {
        self.ends = ends
    }

    func see(_ change: RecordChange) -> RecordChange { change }

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
