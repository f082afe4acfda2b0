import CompanionCore
import CompanionKit
import Foundation
import Testing

/// A vault that forgets with the test.
final class MemoryVault: KeyVault, @unchecked Sendable {
    private let lock = NSLock()
    private var kept: Data?
    private var refusal: (any Error)?

    init(_ key: Data? = nil, refuses refusal: (any Error)? = nil) {
        kept = key
        self.refusal = refusal
    }

    func key() throws -> Data? {
        try lock.withLock {
            if let refusal { throw refusal }
            return kept
        }
    }

    func keepKey(key: Data) throws {
        lock.withLock { kept = key }
    }
}

/// Keeps what the library says of itself.
final class MemoryLog: EventLog, @unchecked Sendable {
    private let lock = NSLock()
    private var kept: [LogLine] = []

    func line(line: LogLine) {
        lock.withLock { kept.append(line) }
    }

    var lines: [LogLine] { lock.withLock { kept } }
}

/// A folder that goes when the test is over.
final class Folder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("companion-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    var record: String { url.appendingPathComponent("record.db").path }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}

/// A phone that is paired with nobody.
struct Phone {
    let folder: Folder
    let vault: MemoryVault
    let log: MemoryLog
    let record: PhoneRecord
    let journal: Journal

    static func new() async throws -> Phone {
        let folder = try Folder()
        let vault = MemoryVault()
        let log = MemoryLog()
        let record = try await openRecord(request: OpenRequest(path: folder.record), vault: vault, log: log)
        return Phone(folder: folder, vault: vault, log: log, record: record, journal: try record.journal())
    }

    @discardableResult
    func write(_ body: String, title: String = "") async throws -> EntryView {
        try await journal.create(request: entry(body, title: title))
    }
}

/// Some instant, with an offset that no machine of a test has.
let moment = LocalMoment(instant: Date(timeIntervalSince1970: 1_790_000_000.25), offsetMinutes: 345)

func entry(_ body: String, title: String = "") -> EntryRequest {
    EntryRequest(title: title, body: body, kind: .reflection, visibility: .onlyMe, at: moment)
}

/// The error of a call. (`#require(throws:)` gives none back before Swift 6.1.)
func error(
    of call: () async throws -> some Any, _ location: SourceLocation = #_sourceLocation
) async -> CompanionError? {
    do {
        _ = try await call()
        Issue.record("no error", sourceLocation: location)
    } catch let error as CompanionError {
        return error
    } catch {
        Issue.record("another error: \(error)", sourceLocation: location)
    }
    return nil
}
