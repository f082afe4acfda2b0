public import CompanionCore
import CompanionKit
public import Foundation
public import Observation

/// The one record of the app: opened once, put to sleep when the app leaves the screen, and woken when it comes back.
@MainActor @Observable
public final class RecordDoor {
    public enum Standing {
        case opening
        case open(RecordModels)
        /// It could not be opened. Nothing was changed.
        case shut(CompanionError)
    }

    public private(set) var standing = Standing.opening
    /// Whether the app is covered: what the app switcher pictures shows nothing of the record.
    public private(set) var isCovered = false

    @ObservationIgnored private let file: URL
    @ObservationIgnored private let vault: any KeyVault
    @ObservationIgnored private let drafts: (any DraftKeeping)?
    @ObservationIgnored private let turns: AsyncStream<Turn>
    @ObservationIgnored private let turn: AsyncStream<Turn>.Continuation

    private enum Turn {
        case open, sleep, wake
    }

    /// Drafts are kept in the record, unless somewhere else is named.
    public init(file: URL, vault: any KeyVault, drafts: (any DraftKeeping)? = nil) {
        self.file = file
        self.vault = vault
        self.drafts = drafts
        (turns, turn) = AsyncStream.makeStream(of: Turn.self)
        turn.yield(.open)
    }

    /// Does what is asked of it, one thing after the other: of pauses and resumes the last one that began holds. Once.
    public func live() async {
        for await turn in turns {
            switch turn {
            case .open: await open()
            case .sleep: await telling { try await $0.pause() }
            case .wake: await telling { try await $0.resume() }
            }
        }
    }

    public func tryAgain() { turn.yield(.open) }

    /// The app leaves the screen, for a moment or for longer.
    public func cover() { isCovered = true }

    /// The app is gone from the screen: the files are closed.
    public func sleep() {
        isCovered = true
        turn.yield(.sleep)
    }

    /// The app is on the screen.
    public func wake() {
        isCovered = false
        turn.yield(.wake)
    }

    private func open() async {
        if case .open = standing { return }
        standing = .opening
        do {
            let record = try await openRecord(request: OpenRequest(path: file.path), vault: vault, log: nil)
            standing = .open(RecordModels(record, drafts: drafts ?? record))
        } catch {
            standing = .shut(CompanionError(error))
        }
    }

    private func telling(_ work: (PhoneRecord) async throws -> Void) async {
        guard case .open(let models) = standing else { return }
        do {
            try await work(models.record)
        } catch {
            standing = .shut(CompanionError(error))
        }
    }
}
