public import CompanionCore
public import Foundation

/// Keeps what is half written, so that it survives the end of the app. These are the verbs of `PhoneRecord`, which
/// keeps drafts sealed on this phone alone.
public protocol DraftKeeping: Sendable {
    /// What was half written on a page, about a document where it is about one.
    func draft(page: String, about: DocumentId?) async throws -> String?
    /// Keeps it as it is; empty words forget it.
    func keepDraft(page: String, about: DocumentId?, words: String) async throws
}

/// Drafts that are gone with the process.
public actor MemoryDrafts: DraftKeeping {
    private struct Place: Hashable {
        let page: String
        let about: DocumentId?
    }

    private var kept: [Place: String] = [:]

    public init() {}

    public func draft(page: String, about: DocumentId?) -> String? { kept[Place(page: page, about: about)] }

    public func keepDraft(page: String, about: DocumentId?, words: String) {
        kept[Place(page: page, about: about)] = words.isEmpty ? nil : words
    }
}
