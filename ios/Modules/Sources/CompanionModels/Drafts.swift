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

/// The record keeps them itself: in its own file, and in no export.
extension PhoneRecord: DraftKeeping {}
