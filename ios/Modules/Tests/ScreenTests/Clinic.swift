import Foundation

/// A clinic with a real `sync-server`, in processes of their own. They end with this.
final class Clinic: @unchecked Sendable {
    private let process = Process()
    private let to = Pipe()
    private let from = Pipe()
    private var read = Data()
    private var patient = ""

    struct Broken: Error {
        let what: String
    }

    init() throws {
        guard let programs = ProcessInfo.processInfo.environment["COMPANION_PROGRAMS"] else {
            throw Broken(what: "COMPANION_PROGRAMS is not set: run `cargo xtask test ios`")
        }
        process.executableURL = URL(fileURLWithPath: programs).appendingPathComponent("contract-clinic")
        process.standardInput = to
        process.standardOutput = from
        try process.run()
    }

    /// A link for somebody new.
    func invite(_ name: String) async throws -> String {
        let invited = try await ask(["do": "invite", "name": name])
        patient = invited["patient"] as? String ?? ""
        guard let link = invited["link"] as? String else { throw Broken(what: "no link") }
        return link
    }

    /// The words that it sees of the phone that joined.
    func words() async throws -> [String] { try await about("words")["words"] as? [String] ?? [] }

    /// Lets the phone in.
    func admit() async throws { _ = try await about("admit") }

    /// What the care team can read.
    func bodies() async throws -> [String] { try await about("entries")["bodies"] as? [String] ?? [] }

    /// Plans a session that begins so many minutes from now, at noon by its own clock.
    func planSession(inMinutes minutes: Int, place: String) async throws {
        _ = try await ask(["do": "plan_session", "patient": patient, "in_minutes": minutes, "place": place])
    }

    /// Answers the entry that says this.
    func reply(to entry: String, _ body: String) async throws {
        _ = try await ask(["do": "reply", "patient": patient, "about": entry, "body": body])
    }

    /// Ends both: from now on nobody answers.
    func end() {
        try? to.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private func about(_ what: String) async throws -> [String: Any] { try await ask(["do": what, "patient": patient]) }

    /// On a thread of its own, so that none of those that tasks share waits for the answer.
    private func ask(_ what: [String: any Sendable]) async throws -> sending [String: Any] {
        let answer: Data = try await withCheckedThrowingContinuation { asked in
            Thread.detachNewThread { asked.resume(with: Result { try self.answer(what) }) }
        }
        let fields = try JSONSerialization.jsonObject(with: answer) as? [String: Any] ?? [:]
        if let error = fields["error"] { throw Broken(what: "\(what): \(error)") }
        return fields
    }

    private func answer(_ what: [String: any Sendable]) throws -> Data {
        let line = try JSONSerialization.data(withJSONObject: what)
        try to.fileHandleForWriting.write(contentsOf: line + Data("\n".utf8))
        while !read.contains(UInt8(ascii: "\n")) {
            let more = from.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Broken(what: "the clinic ended at \(what)") }
            read += more
        }
        let end = read.firstIndex(of: UInt8(ascii: "\n"))!
        defer { read = Data(read[read.index(after: end)...]) }
        return Data(read[..<end])
    }

    deinit { end() }
}
