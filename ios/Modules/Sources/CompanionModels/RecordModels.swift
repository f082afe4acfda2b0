public import CompanionCore
import CompanionKit
public import Observation

/// What the pages over an open record have in common: how the phone stands, where the person is, what goes to the
/// clinic.
@MainActor @Observable
public final class RecordModels {
    public enum Place: Equatable, Sendable {
        case welcome, pairing, inside
    }

    public let exchange: Exchange
    public let today: TodayModel
    public let journal: JournalModel
    public let pairing: PairingModel
    public let status = Watched<StatusView>()
    /// Nothing until the record said where to begin.
    public private(set) var place: Place?

    @ObservationIgnored let record: PhoneRecord
    @ObservationIgnored private let drafts: any DraftKeeping

    init(_ record: PhoneRecord, drafts: any DraftKeeping) {
        self.record = record
        self.drafts = drafts
        let exchange = Exchange(record)
        self.exchange = exchange
        today = TodayModel(record)
        journal = JournalModel(record)
        pairing = PairingModel(record, exchange)
    }

    /// Follows how the phone stands until the task is canceled.
    public func live() async {
        if place == nil { await begin() }
        await status.follow(record) { [exchange] record in
            let status = try await record.status()
            // Once there is somebody to hear from.
            if status.pairing != .alone { await exchange.begin() }
            return status
        }
    }

    public func go(_ place: Place) { self.place = place }

    public func write() -> WriteModel { WriteModel(record, exchange, drafts) }
    public func checkIn(_ feeling: Int? = nil) -> CheckInModel { CheckInModel(record, exchange, feeling) }
    public func entry(_ id: DocumentId) -> EntryModel { EntryModel(record, id) }

    /// Finds where to begin, from what the record says.
    private func begin() async {
        do {
            switch try await record.status().pairing {
            case .waiting: place = .pairing
            case .alone: place = try await hasWritten() ? .inside : .welcome
            default: place = .inside
            }
        } catch {
            // The page inside says what is wrong.
            place = .inside
        }
    }

    /// Whoever wrote something here has begun, with a clinic or without.
    private func hasWritten() async throws -> Bool {
        let one = PageRequest(rows: 1)
        let entries = try await record.journal().page(request: one).items
        let checkIns = try await record.checkIns().page(request: one).items
        return !entries.isEmpty || !checkIns.isEmpty
    }
}
