public import CompanionCore
import CompanionKit
public import Foundation
public import Observation

/// An entry while it is written. Its words are kept with each change, so that the app can end at any moment.
@MainActor @Observable
public final class WriteModel: Identifiable {
    private static let page = "write"

    public nonisolated let id = UUID()
    /// Nothing until it is known whether something was half written.
    public private(set) var words: String?
    public var readers = WhoReads.onlyMe
    public private(set) var saving = Saving.not
    /// Why the draft can't be kept just now.
    public private(set) var notKept: CompanionError?
    public let sharing = Watched<Sharing>()

    @ObservationIgnored private let record: PhoneRecord
    @ObservationIgnored private let exchange: Exchange
    @ObservationIgnored private let drafts: any DraftKeeping
    @ObservationIgnored private var unkept: String?
    @ObservationIgnored private var keeping: Task<Void, Never>?

    init(_ record: PhoneRecord, _ exchange: Exchange, _ drafts: any DraftKeeping) {
        self.record = record
        self.exchange = exchange
        self.drafts = drafts
    }

    /// Goes on with what is half written, and follows who could read it, until the task is canceled.
    public func live() async {
        if words == nil {
            do {
                words = try await drafts.draft(page: Self.page, about: nil) ?? ""
            } catch {
                notKept = CompanionError(error)
                words = ""
            }
        }
        await sharing.follow(record) { try await CompanionModels.sharing(of: $0) }
    }

    public func type(_ words: String) {
        guard words != self.words else { return }
        self.words = words
        unkept = words
        if keeping == nil { keeping = Task { await keep() } }
    }

    public var canSave: Bool { words?.contains { !$0.isWhitespace } ?? false && saving != .now }

    /// Writes it into the record. The draft stays until that is done.
    public func save() async {
        guard canSave, let words else { return }
        saving = .now
        do {
            _ = try await record.journal().create(request: EntryRequest(
                body: words,
                kind: .reflection,
                visibility: sharing.shown == .here(.offered) ? readers : .onlyMe,
                at: record.now()))
            await keeping?.value
            unkept = ""
            await keep()
            saving = .done
            exchange.soon()
        } catch {
            saving = .failed(CompanionError(error))
        }
    }

    /// One after the other, so that the newest words are the ones that stay.
    private func keep() async {
        while let words = unkept {
            unkept = nil
            do {
                try await drafts.keepDraft(page: Self.page, about: nil, words: words)
                notKept = nil
            } catch {
                notKept = CompanionError(error)
            }
        }
        keeping = nil
    }
}
