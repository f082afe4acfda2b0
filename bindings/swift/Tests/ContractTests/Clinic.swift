import Foundation

/// The process that plays the clinic and its server. It ends with its input, and so with this. It is asked one thing at
/// a time.
final class Clinic: @unchecked Sendable {
    private let process = Process()
    private let to = Pipe()
    private let from = Pipe()
    private var read = Data()

    init() throws {
        let programs = try environment("COMPANION_PROGRAMS")
        process.executableURL = URL(fileURLWithPath: programs).appendingPathComponent("contract-clinic")
        process.standardInput = to
        process.standardOutput = from
        try process.run()
    }

    /// Tells it to do something, and gives its answer, which can take until another task has done something: none of
    /// the few threads that tasks share waits for it.
    func ask(_ what: Value) async throws -> Value {
        try await withCheckedThrowingContinuation { asked in
            Thread.detachNewThread { asked.resume(with: Result { try self.answer(what) }) }
        }
    }

    /// Waits until something is asked of the server that is held.
    func waitForRequest() async throws {
        _ = try await ask(.fields(["do": .text("wait_for_request")]))
    }

    private func answer(_ what: Value) throws -> Value {
        try to.fileHandleForWriting.write(contentsOf: what.line())
        while !read.contains(UInt8(ascii: "\n")) {
            let more = from.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Broken("the clinic ended at \(what)") }
            read += more
        }
        let end = read.firstIndex(of: UInt8(ascii: "\n"))!
        let line = Data(read[..<end])
        read = Data(read[read.index(after: end)...])
        let answer = try Value.read(line)
        guard answer["error"] == .null else { throw Broken("\(what): \(answer)") }
        return answer
    }

    deinit {
        try? to.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}

/// That a scenario, or what runs it, is not as it should be.
struct Broken: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// What `cargo xtask test swift` names: a folder or a file.
func environment(_ name: String) throws -> String {
    guard let value = ProcessInfo.processInfo.environment[name] else {
        throw Broken("\(name) is not set: run it by `cargo xtask test swift`")
    }
    return value
}
