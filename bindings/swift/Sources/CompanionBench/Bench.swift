import CompanionCore
import Foundation

/// What the way into the core costs from Swift: one line of JSON for each figure, as the Rust benchmark `bindings`
/// prints them, over the record that it made. `cargo xtask bench bindings` runs both.
///
/// `BENCH_FOLDER` names the folder of the record, `BENCH_ROUNDS` how often each thing is done (median).
@main
struct Bench {
    static func main() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let folder = environment["BENCH_FOLDER"] else {
            throw Missing(description: "BENCH_FOLDER is not set: run it by `cargo xtask bench bindings`")
        }
        let path = URL(fileURLWithPath: folder).appendingPathComponent("record.db").path
        guard FileManager.default.fileExists(atPath: path) else {
            throw Missing(description: "\(path) is not there: the Rust benchmark makes it")
        }
        let rounds = environment["BENCH_ROUNDS"].flatMap { Int($0) } ?? 51

        // The way to servers is made with the first record, once for a process.
        try await open(path).pause()
        try await say("open and first page", rounds: min(rounds, 15)) {
            let record = try await open(path)
            let page = try await record.journal().page(request: PageRequest())
            precondition(page.items.count == 30)
            try await record.pause()
        }
        try say("empty call", rounds: rounds * 100) {
            _ = try version()
        }
        let record = try await open(path)
        let journal = try record.journal()
        try await say("page of 50", rounds: rounds) {
            let page = try await journal.page(request: PageRequest(rows: 50))
            precondition(page.items.count == 50)
        }
        let sound = recording(bytes: 1 << 20)
        let now = try record.now()
        let entry = try await journal.create(
            request: EntryRequest(body: "with a recording", kind: .reflection, visibility: .onlyMe, at: now)
        ).head.id
        try await say("attach 1 MB", rounds: min(rounds, 9)) {
            try await attach(sound, to: entry, of: record)
            let item = try await record.attachments(entry: entry)[0].item
            _ = try await record.detach(entry: entry, item: item)
        }
        try await attach(sound, to: entry, of: record)
        let item = try await record.attachments(entry: entry)[0].item
        try await say("read 1 MB", rounds: min(rounds, 15)) {
            let stream = try await record.openAttachment(entry: entry, item: item)
            var read = 0
            while true {
                let piece = try await stream.read(at: UInt64(read), most: 1 << 20)
                if piece.isEmpty { break }
                read += piece.count
            }
            precondition(read >= 1 << 20)
        }
        try await journal.delete(id: entry)
        try await record.pause()
        print(#"{"language": "swift", "what": "memory", "mebibytes": \#(try highWater() / 1024)}"#)
    }

    private static func attach(_ sound: Data, to entry: DocumentId, of record: PhoneRecord) async throws {
        let request = AttachmentRequest(length: UInt64(sound.count))
        _ = try await record.attach(entry: entry, request: request, source: Sound(sound))
    }

    private static func open(_ path: String) async throws -> PhoneRecord {
        try await openRecord(request: OpenRequest(path: path), vault: Vault(), log: nil)
    }
}

/// The vault of the measured record: its key is no secret.
private final class Vault: KeyVault {
    func key() throws -> Data? { Data(repeating: 7, count: 32) }
    func keepKey(key: Data) throws {}
}

/// Gives a recording piece by piece.
private final class Sound: ByteSource, @unchecked Sendable {
    // The library calls from one thread at a time.
    private var rest: Data

    init(_ all: Data) {
        rest = all
    }

    func read(most: UInt32) throws -> Data {
        let piece = rest.prefix(Int(most))
        rest = rest.dropFirst(piece.count)
        return Data(piece)
    }
}

/// A WAV of one channel, 16 bits and 16 kHz, with so many bytes of sound.
private func recording(bytes: Int) -> Data {
    func little(_ number: Int, _ bytes: Int) -> Data {
        Data((0..<bytes).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) })
    }
    var wav = Data("RIFF".utf8) + little(36 + bytes, 4) + Data("WAVEfmt ".utf8) + little(16, 4)
    wav += little(1, 2) + little(1, 2) + little(16_000, 4) + little(32_000, 4) + little(2, 2) + little(16, 2)
    wav += Data("data".utf8) + little(bytes, 4)
    return wav + Data((0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31) })
}

private struct Missing: Error, CustomStringConvertible {
    let description: String
}

private func say(_ what: String, rounds: Int, work: @Sendable () async throws -> Void) async throws {
    var took: [Duration] = []
    for _ in 0..<rounds {
        let began = ContinuousClock.now
        try await work()
        took.append(ContinuousClock.now - began)
    }
    say(what, took)
}

/// The same for what does not wait.
private func say(_ what: String, rounds: Int, work: () throws -> Void) throws {
    var took: [Duration] = []
    for _ in 0..<rounds {
        let began = ContinuousClock.now
        try work()
        took.append(ContinuousClock.now - began)
    }
    say(what, took)
}

private func say(_ what: String, _ took: [Duration]) {
    let median = took.sorted()[took.count / 2].components
    let nanoseconds = median.seconds * 1_000_000_000 + median.attoseconds / 1_000_000_000
    print(#"{"language": "swift", "what": "\#(what)", "nanoseconds": \#(nanoseconds)}"#)
}

/// The most memory that this process ever had, in kibibytes.
private func highWater() throws -> Int {
    #if os(Linux)
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    #else
    var usage = rusage()
    getrusage(RUSAGE_SELF, &usage)
    return usage.ru_maxrss / 1024
    #endif
}
