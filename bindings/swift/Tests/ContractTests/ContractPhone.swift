import CompanionCore
import Foundation

/// A phone of a scenario: its file, and a vault that keeps its key.
final class ContractPhone {
    let path: String
    private let vault = ContractVault(.good)
    private var record: PhoneRecord?

    init(folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appendingPathComponent("record.db").path
    }

    /// Opens it with its own vault, or with another one.
    func open(_ other: String?) async throws {
        let vault: ContractVault =
            switch other {
            case nil: vault
            case "another_key": ContractVault(.good, Data(repeating: 9, count: 32))
            case "short_key": ContractVault(.good, Data(repeating: 9, count: 31))
            case "empty": ContractVault(.good)
            case "locked": ContractVault(.locked)
            case "failing": ContractVault(.failing)
            case let other?: throw Broken("there is no vault called \(other)")
            }
        record = try await openRecord(request: OpenRequest(path: path), vault: vault, log: nil)
    }

    func close() async throws {
        try await opened().pause()
        record = nil
    }

    func opened() throws -> PhoneRecord {
        guard let record else { throw Broken("\(path) is not open") }
        return record
    }

    /// In hexadecimal digits.
    func key() throws -> String {
        guard let key = try vault.key() else { throw Broken("\(path) has no key") }
        return key.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}

/// A place for a key, good or bad.
final class ContractVault: KeyVault, @unchecked Sendable {
    enum Sort { case good, locked, failing }

    private let sort: Sort
    private let lock = NSLock()
    private var kept: Data?

    init(_ sort: Sort, _ key: Data? = nil) {
        self.sort = sort
        kept = key
    }

    func key() throws -> Data? {
        switch sort {
        case .good: lock.withLock { kept }
        case .locked: throw VaultError.Locked
        case .failing: throw VaultError.Unavailable(reason: "no key chain")
        }
    }

    func keepKey(key: Data) throws {
        lock.withLock { kept = key }
    }
}
