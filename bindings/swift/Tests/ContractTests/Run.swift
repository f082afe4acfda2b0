import CompanionCore
import CompanionKit
import Foundation
import Testing

/// Takes the steps of a scenario one after the other.
final class Run {
    private let folder: URL
    private let clinic: Clinic
    private var phones: [String: ContractPhone] = [:]
    private var entries: [String: EntryView] = [:]
    private var ears: [String: Ears] = [:]
    /// What steps gave, under the name that they gave it.
    private var said: [String: Value] = [:]
    private var written = 0

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("contract-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        clinic = try Clinic()
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    static func scenarios() throws -> [Value] {
        let folder = URL(fileURLWithPath: try environment("COMPANION_CONTRACT"))
        let file = try Data(contentsOf: folder.appendingPathComponent("scenarios.json"))
        return try Value.read(file)["scenarios"].list ?? []
    }

    static func scenario(_ name: String) async throws {
        guard let steps = try scenarios().first(where: { $0["name"].text == name })?["steps"].list else {
            throw Broken("there is no scenario called \(name)")
        }
        let run = try Run()
        for step in steps {
            try await run.take(run.filled(step))
        }
    }

    /// Does something with a phone that a clinic has let in.
    static func withAdmittedPhone(_ work: (PhoneRecord, Clinic) async throws -> Void) async throws {
        let run = try Run()
        let step = Value.fields(["op": .text("admitted"), "phone": .text("ada"), "name": .text("Ada")])
        try await run.take(step)
        try await work(run.record(step), run.clinic)
    }

    /// Takes a step, which must come out as it says.
    private func take(_ step: Value) async throws {
        let wanted = step["error"].text.map { [$0] } ?? step["error"].texts ?? []
        do {
            try await perform(step)
        } catch let error as CompanionError {
            guard wanted.contains(where: { isCalled(error, $0) }) else { throw Broken("\(step): \(error)") }
            try mustSay(step, error)
            return
        }
        guard wanted.isEmpty else { throw Broken("\(step): no error came") }
    }

    /// What an error carries, for an app to branch on.
    private func mustSay(_ step: Value, _ error: CompanionError) throws {
        switch error {
        case .Invalid(let field, _, _): try mustBe(step["field"], .text(field), step)
        case .NotNow(let reason, _): try mustBeCalled(step["reason"], reason, step)
        case .NotFound(let what, _): try mustBeCalled(step["what"], what, step)
        case .NewerRecord(let found, _): try mustBe(step["found"], .number(Int64(found)), step)
        default: break
        }
        if let without = step["words_without"].text {
            try must(!error.words.contains(without) && !"\(error)".contains(without), step)
        }
    }

    /// A step with each `$name.field` replaced by what was said under that name.
    private func filled(_ step: Value) throws -> Value {
        switch step {
        case .text(let text) where text.hasPrefix("$"):
            let place = text.dropFirst().split(separator: ".", maxSplits: 1).map(String.init)
            guard place.count == 2 else { throw Broken("\(text) names nothing") }
            if let phone = phones[place[0]], place[1] == "path" { return .text(phone.path) }
            if let phone = phones[place[0]], place[1] == "key" { return .text(try phone.key()) }
            guard let said = said[place[0]]?[place[1]], said != .null else { throw Broken("\(text) was not said") }
            return said
        case .list(let all): return .list(try all.map(filled))
        case .fields(let all): return .fields(try all.mapValues(filled))
        default: return step
        }
    }

    private func perform(_ step: Value) async throws {
        switch try text(step, "op") {
        case "open": try await phone(step).open(step["vault"].text)
        case "close": try await phone(step).close()
        case "clinic":
            let answer = try await clinic.ask(step["do"])
            if case .fields(let wanted) = step["answers"] {
                for (field, wanted) in wanted { try mustBe(wanted, answer[field], step) }
            }
            keep(step, answer)
        case "admitted": try await admit(step)
        case "pair":
            let paired = try await record(step).pair(link: text(step, "link"))
            try mustBeCalled(step["compare_with"], paired.compareWith, step)
        case "sync":
            let done = try await record(step).exchange()
            try must(done.problems.isEmpty, step, done.problems)
        case "status": try await mustStand(step)
        case "write":
            let view = try await journal(step).create(request: entry(text(step, "body"), readers(step)))
            if let name = step["as"].text { entries[name] = view }
        case "write_many":
            for number in 0..<(try number(step, "count")) {
                _ = try await journal(step).create(request: entry("number \(number)", readers(step)))
            }
        case "edit":
            let seen = try await journal(step).get(id: kept(step).head.id)
            var request = entry(try text(step, "body"), seen.visibility)
            request = EntryRequest(
                body: request.body, kind: request.kind, visibility: request.visibility, at: seen.at)
            _ = try await journal(step).edit(id: seen.head.id, seen: seen.head.revision, request: request)
        case "read": _ = try await journal(step).get(id: kept(step).head.id)
        case "share":
            let shared = try await journal(step).share(id: kept(step).head.id, readers: readers(step))
            try replace(step, shared)
        case "withdraw":
            let mine = try await journal(step).withdraw(id: kept(step).head.id)
            try replace(step, mine)
        case "delete": try await journal(step).delete(id: kept(step).head.id)
        case "entries": try mustBe(step["bodies"], try await bodies(step), step)
        case "entries_in_any_order": try mustBe(step["bodies"], try await bodies(step, sorted: true), step)
        case "only_whole":
            let whole = step["bodies"].list ?? []
            let bodies = try await bodies(step).list ?? []
            try must(bodies.allSatisfy(whole.contains) && whole.allSatisfy(bodies.contains), step, bodies)
        case "search":
            let found = try await journal(step).search(words: text(step, "words"), rows: 10)
            try mustBe(step["bodies"], .list(found.map { .text($0.body) }), step)
        case "delivery": try await mustHaveGot(step)
        case "remains":
            let remains = try await journal(step).whatRemains(id: kept(step).head.id)
            try mustBeCalled(step["reached"], remains.reached, step)
            try mustBe(step["is_shared"], .flag(remains.isShared), step)
        case "listen": ears[try text(step, "as")] = try await Ears.listen(to: record(step))
        case "heard":
            var newest: Int64?
            if let name = step["reaches_the_newest_of"].text {
                newest = try await phones[name]?.opened().sequence()
            }
            try await listener(step).wait(for: step["kinds"].texts ?? [], newest: newest)
        case "cancel": try listener(step).cancel()
        case "unheard": try listener(step).mustHaveHeardNoMore()
        case "in_order": try listener(step).mustBeInOrder()
        case "canceled_writes": try await cancelWrites(step)
        case "many_calls":
            let record = try record(step)
            for _ in 0..<(try number(step, "count")) {
                _ = try version()
                _ = try await record.journal().count(request: PageRequest(rows: 1))
            }
        case "pause_while_syncing":
            let record = try record(step)
            async let syncing = record.exchange()
            try await clinic.waitForRequest()
            try await record.pause()
            _ = try await syncing
        case "invite_phone":
            let invitation = try await record(step).invitePhone()
            keep(step, .fields(["link": .text(invitation.link)]))
        case "confirm_phone": try await confirmPhone(step)
        case "reminders": try await mustRemind(step)
        case "resume": try await record(step).resume()
        case "resume_while_pausing":
            let record = try record(step)
            async let syncing = record.exchange()
            try await clinic.waitForRequest()
            async let pausing: Void = record.pause()
            // Its error says that the pause has begun.
            let synced: Result<SyncView, any Error>
            do { synced = .success(try await syncing) } catch { synced = .failure(error) }
            try await record.resume()
            try await pausing
            _ = try synced.get()
        case "panic":
            switch try text(step, "in") {
            case "the_core": try await record(step).panicInside()
            case "a_view": _ = try await record(step).panicInAView()
            case let other: throw Broken("nothing panics in \(other)")
            }
        case let other: throw Broken("there is no step called \(other)")
        }
    }

    /// A phone that a clinic has let in, both with all that is to be exchanged at the beginning.
    private func admit(_ step: Value) async throws {
        try await phone(step).open(nil)
        let record = try record(step)
        let invitation = try await clinic.ask(.fields(["do": .text("invite"), "name": step["name"]]))
        _ = try await record.pair(link: text(invitation, "link"))
        _ = try await clinic.ask(.fields(["do": .text("words"), "patient": invitation["patient"]]))
        _ = try await record.exchange()
        _ = try await clinic.ask(.fields(["do": .text("admit"), "patient": invitation["patient"]]))
        for _ in 0..<2 {
            _ = try await record.exchange()
            _ = try await clinic.ask(.fields(["do": .text("sync")]))
        }
        _ = try await record.exchange()
        keep(step, invitation)
    }

    private func mustStand(_ step: Value) async throws {
        let status = try await record(step).status()
        try mustBeCalled(step["pairing"], status.pairing, step)
        if let words = step["compare_words"].texts {
            guard case .waiting(let shown, _) = status.pairing else { throw Broken("\(step): \(status.pairing)") }
            try must(shown == words, step, shown ?? [])
        }
        try mustBe(step["waiting"], .number(Int64(status.waiting)), step)
        try mustBe(step["is_waiting"], .flag(status.waiting > 0), step)
        try mustBe(step["clinic"], status.clinic.map(Value.text) ?? .null, step)
    }

    /// Lets in the first newcomer, once both phones show the same words.
    private func confirmPhone(_ step: Value) async throws {
        let record = try record(step)
        guard let newcomer = try await record.newcomers().first, let words = newcomer.compareWords else {
            throw Broken("\(step): nobody waits")
        }
        let other = try await phones[text(step, "same_words_on")]?.opened().status()
        guard case .waiting(let shown, _) = other?.pairing, shown == words else {
            throw Broken("\(step): \(String(describing: other?.pairing)) is not \(words)")
        }
        try await record.confirmPhone(newcomer: newcomer.member)
    }

    /// What is planned for a session, by the clock on the wall of a zone.
    private func mustRemind(_ step: Value) async throws {
        let name = try text(step, "zone")
        guard let zone = TimeZone(identifier: name) else { throw Broken("there is no zone called \(name)") }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let at = { (field: String) in Date(timeIntervalSince1970: Double(try self.number(step, field)) / 1000) }
        let now = LocalMoment(instant: try at("now_ms"), offsetMinutes: 0)
        let changes = try await record(step).reminders(
            request: ReminderRequest(zone: name, now: now, shown: [], scheduled: []))
        let session = calendar.startOfDay(for: try at("session_ms"))
        let local = changes.toSchedule.compactMap { reminder -> Value? in
            guard case .dosingSession = reminder.about else { return nil }
            let instant = reminder.at.instant
            let days = calendar.dateComponents([.day], from: calendar.startOfDay(for: instant), to: session).day
            let wall = calendar.dateComponents([.hour, .minute], from: instant)
            let two = { (number: Int?) in (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
            return .text("\(days ?? 0) days before at \(two(wall.hour)):\(two(wall.minute))")
        }
        try mustBe(step["local"], .list(Array(local.prefix(step["local"].list?.count ?? 0))), step)
    }

    private func mustHaveGot(_ step: Value) async throws {
        let delivery = try await journal(step).get(id: kept(step).head.id).head.delivery
        try mustBeCalled(step["is"], delivery, step)
        switch delivery {
        case .delivered(let clinic, _): try must(clinic == step["clinic"].text, step, clinic)
        case .opened(let by, _): try must(by == step["by"].text, step, by)
        case .onlyYours, .takenBack, .onThisDevice, .neverSent, .sent: break
        }
    }

    /// Begins writes and cancels each as soon as it has begun.
    private func cancelWrites(_ step: Value) async throws {
        let journal = try journal(step)
        var writes: [Task<UUID, any Error>] = []
        for _ in 0..<(try number(step, "count")) {
            let request = entry(try text(step, "body"), .onlyMe)
            let (began, begins) = AsyncStream.makeStream(of: Void.self)
            let write = Task {
                begins.finish()
                return try await journal.create(request: request).head.id
            }
            for await _ in began {}
            write.cancel()
            writes.append(write)
        }
        // What has begun is done to its end: a canceled task still gets it.
        for write in writes {
            let written = try await write.value
            try mustBe(step["body"], .text(try await journal.get(id: written).body), step)
        }
    }

    // What a step names.

    private func text(_ step: Value, _ field: String) throws -> String {
        guard let text = step[field].text else { throw Broken("\(step) has no \(field)") }
        return text
    }

    private func number(_ step: Value, _ field: String) throws -> Int64 {
        guard let number = step[field].number else { throw Broken("\(step) has no \(field)") }
        return number
    }

    private func readers(_ step: Value) throws -> WhoReads {
        switch try text(step, "readers") {
        case "OnlyMe": .onlyMe
        case "CareTeam": .careTeam
        case "TalkInSession": .talkInSession
        case let other: throw Broken("nobody is called \(other)")
        }
    }

    private func phone(_ step: Value) throws -> ContractPhone {
        let name = try text(step, "phone")
        if let phone = phones[name] { return phone }
        let phone = try ContractPhone(folder: folder.appendingPathComponent(name))
        phones[name] = phone
        return phone
    }

    private func record(_ step: Value) throws -> PhoneRecord { try phone(step).opened() }

    private func journal(_ step: Value) throws -> Journal { try record(step).journal() }

    private func listener(_ step: Value) throws -> Ears {
        guard let ears = ears[try text(step, "listener")] else { throw Broken("\(step): nobody listens") }
        return ears
    }

    private func kept(_ step: Value) throws -> EntryView {
        guard let entry = entries[try text(step, "entry")] else { throw Broken("\(step): no such entry") }
        return entry
    }

    private func keep(_ step: Value, _ said: Value) {
        if let name = step["as"].text { self.said[name] = said }
    }

    /// Keeps what an entry is after a step, and what it was before under another name.
    private func replace(_ step: Value, _ entry: EntryView) throws {
        if let before = step["before_as"].text { entries[before] = try kept(step) }
        entries[try text(step, "entry")] = entry
    }

    private func bodies(_ step: Value, sorted: Bool = false) async throws -> Value {
        let page = try await journal(step).page(request: PageRequest(rows: 500))
        let bodies = page.items.map(\.body)
        return .list((sorted ? bodies.sorted() : bodies).map(Value.text))
    }

    /// An entry a minute after the one before, so that lists have one order.
    private func entry(_ body: String, _ readers: WhoReads) -> EntryRequest {
        written += 1
        let at = Date(timeIntervalSince1970: 1_780_000_000 + Double(written) * 60)
        return EntryRequest(
            body: body, kind: .reflection, visibility: readers, at: LocalMoment(instant: at, offsetMinutes: 60))
    }
}

/// Whether a variant has this name, as the scenarios write it.
private func isCalled(_ value: some Any, _ name: String) -> Bool {
    let its = String(describing: value).prefix { $0 != "(" }
    return its.lowercased() == name.lowercased()
}

private func must(_ holds: Bool, _ step: Value, _ found: Any = "") throws {
    if !holds { throw Broken("\(step): \(found)") }
}

/// What a step does not name may be anything.
private func mustBe(_ wanted: Value, _ found: Value, _ step: Value) throws {
    try must(wanted == .null || wanted == found, step, found)
}

private func mustBeCalled(_ wanted: Value, _ found: some Any, _ step: Value) throws {
    try must(wanted.text.map { isCalled(found, $0) } ?? true, step, found)
}
