import CompanionCore
import CompanionKit
import Foundation
import Testing

/// Calls into the core: what crosses over, what goes wrong, what a canceled task leaves.
@Suite(.timeLimit(.minutes(5))) struct CallTests {
    @Test func whatIsWrittenCrossesOverUnchanged() async throws {
        let phone = try await Phone.new()
        let session = UUID()
        let request = EntryRequest(
            title: "Grüße 🌿", body: "Zeile eins\nLine two\t👩‍👩‍👧", kind: .other(word: "Brief"), mood: 7,
            session: session, tags: ["Wald", "night"], visibility: .onlyMe, at: moment)
        let written = try await phone.journal.create(request: request)
        let read = try await phone.journal.get(id: written.head.id)
        #expect(read == written)
        #expect(read.title == request.title)
        #expect(read.body == request.body)
        #expect(read.kind == request.kind)
        #expect(read.mood == 7)
        #expect(read.session == session)
        #expect(Set(read.tags) == ["Wald", "night"])
        #expect(read.at == moment)
        #expect(read.head.delivery == .onlyYours)
    }

    @Test func aRecordIsThereAgainForWhoeverHasItsKey() async throws {
        let folder = try Folder()
        let vault = MemoryVault()
        var record: PhoneRecord? = try await openRecord(
            request: OpenRequest(path: folder.record), vault: vault, log: nil)
        let id = try await record!.journal().create(request: entry("kept")).head.id
        try await record!.pause()
        record = nil
        let again = try await openRecord(request: OpenRequest(path: folder.record), vault: vault, log: nil)
        #expect(try await again.journal().get(id: id).body == "kept")
        try await again.pause()
    }

    @Test func theVaultIsAskedAndItsErrorsComeBackTyped() async throws {
        let phone = try await Phone.new()
        #expect(try phone.vault.key()?.count == 32)
        try await phone.record.pause()
        let request = OpenRequest(path: phone.folder.record)
        struct SomethingElse: Error {}

        let wrong = await error { try await openRecord(request: request, vault: MemoryVault(Data(count: 32)), log: nil) }
        guard case .WrongKey = wrong else { return _ = Issue.record("\(String(describing: wrong))") }
        let none = await error { try await openRecord(request: request, vault: MemoryVault(), log: nil) }
        #expect(none == .NoKey)
        let locked = await error {
            try await openRecord(request: request, vault: MemoryVault(refuses: VaultError.Locked), log: nil)
        }
        #expect(locked == .VaultLocked)
        let failed = await error {
            try await openRecord(
                request: request, vault: MemoryVault(refuses: VaultError.Unavailable(reason: "-34018")), log: nil)
        }
        #expect(failed == .VaultFailed(words: "-34018"))
        let unknown = await error {
            try await openRecord(request: request, vault: MemoryVault(refuses: SomethingElse()), log: nil)
        }
        guard case .VaultFailed = unknown else { return _ = Issue.record("\(String(describing: unknown))") }

        try await phone.record.resume()
        try await phone.write("all of that changed nothing")
    }

    @Test func errorsKeepTheirData() async throws {
        let phone = try await Phone.new()
        let long = await error { try await phone.write("text", title: String(repeating: "x", count: 201)) }
        guard case .Invalid(let field, let problem, let words) = long else {
            return _ = Issue.record("\(String(describing: long))")
        }
        #expect(field == "title")
        #expect(problem == .tooLong(most: 200))
        #expect(words == long?.words)
        #expect(long?.isPassing == false)
        let missing = await error { try await phone.journal.get(id: UUID()) }
        guard case .NotFound(let what, _) = missing else { return _ = Issue.record("\(String(describing: missing))") }
        #expect(what == .document)
        #expect(await error { try await phone.record.sync() } == .NotPaired)
    }

    @Test func whatIsNoRevisionIsSaidLikeAnyOtherField() async throws {
        let phone = try await Phone.new()
        let id = try await phone.write("as it was").head.id
        let unread = await error {
            try await phone.journal.edit(id: id, seen: "no revision", request: entry("changed"))
        }
        guard case .Invalid(let field, _, _) = unread else { return _ = Issue.record("\(String(describing: unread))") }
        #expect(field == "revision")
        #expect(try await phone.journal.get(id: id).body == "as it was")
    }

    @Test func tenThousandCallsAllAnswer() async throws {
        let phone = try await Phone.new()
        let id = try await phone.write("the same for all").head.id
        let journal = phone.journal
        for _ in 0..<10_000 {
            #expect(try version().isEmpty == false)
        }
        // A hundred at a time: more than the threads of the library, and than those of Swift.
        let answered = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    var right = 0
                    for _ in 0..<100 where try await journal.get(id: id).body == "the same for all" {
                        right += 1
                    }
                    return right
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(answered == 10_000)
    }

    @Test func aCanceledTaskLeavesWholeWritesAndNothingElse() async throws {
        let phone = try await Phone.new()
        let journal = phone.journal
        let body = String(repeating: "word ", count: 2_000) + "and the last"
        let began = AsyncStream.makeStream(of: Void.self)
        let writes = (0..<60).map { number in
            Task {
                began.continuation.yield()
                return try await journal.create(request: entry(body, title: "\(number)")).head.id
            }
        }
        // Some are done by then, some under way, some not yet there.
        var count = 0
        for await _ in began.stream {
            count += 1
            if count == 30 { break }
        }
        writes.forEach { $0.cancel() }
        var written: Set<UUID> = []
        for write in writes {
            written.insert(try await write.value)
        }
        let page = try await journal.page(request: PageRequest(rows: 500))
        #expect(Set(page.items.map(\.head.id)) == written)
        #expect(page.items.allSatisfy { $0.body == body })
        // And the record goes on.
        try await phone.write("afterwards")
    }

    @Test func aPanicInsideIsAnErrorAndTheRecordGoesOn() async throws {
        let phone = try await Phone.new()
        let before = try await phone.write("before").head.id
        for _ in 0..<3 {
            let failed = await error { try await phone.record.panicInside() }
            guard case .Internal(let words) = failed else {
                return _ = Issue.record("\(String(describing: failed))")
            }
            #expect(!words.contains("a word of the record"))
        }
        #expect(try await phone.journal.get(id: before).body == "before")
        try await phone.write("after")
        #expect(try await phone.journal.count(request: PageRequest()) == 2)
        #expect(phone.log.lines.contains(LogLine(what: "panic", how: "reopening")))
        #expect(!phone.log.lines.contains { "\($0)".contains("a word of the record") })
    }

    @Test func whileItSleepsEveryCallSaysSoAndNoneIsLost() async throws {
        let phone = try await Phone.new()
        try await phone.write("before")
        try await phone.record.pause()
        #expect(await error { try await phone.write("meanwhile") } == .Paused)
        #expect(await error { try await phone.record.status() } == .Paused)
        // Whoever listens meanwhile hears of the present state once it is awake.
        let late = try await phone.record.changes()
        try await phone.record.resume()
        var heard = late.makeAsyncIterator()
        #expect(await heard.next()?.kinds == [])
        #expect(try await phone.journal.count(request: PageRequest()) == 1)
    }

    @MainActor @Test func itIsUsedFromTheMainActorAsItIs() async throws {
        let phone = try await Phone.new()
        async let one = phone.write("one")
        async let two = phone.write("two")
        #expect(try await [one, two].map(\.body) == ["one", "two"])
        #expect(try phone.record.now().instant > Date(timeIntervalSince1970: 1_700_000_000))
    }
}
