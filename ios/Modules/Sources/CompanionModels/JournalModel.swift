public import CompanionCore
public import Observation

/// The journal: what was written, the newest first.
@MainActor @Observable
public final class JournalModel {
    public let watched = Watched<EntryPage>()
    /// How many were asked for.
    public private(set) var rows: UInt32 = 30

    @ObservationIgnored private let record: PhoneRecord

    init(_ record: PhoneRecord) {
        self.record = record
    }

    public func follow() async {
        let rows = rows
        await watched.follow(record, ["entry"]) { try await $0.journal().page(request: PageRequest(rows: rows)) }
    }

    /// The core gives 500 rows at most.
    public func more() { rows = min(rows + 30, 500) }
}

/// One entry.
@MainActor @Observable
public final class EntryModel {
    public let watched = Watched<EntryView>()

    @ObservationIgnored private let record: PhoneRecord
    @ObservationIgnored private let id: DocumentId

    init(_ record: PhoneRecord, _ id: DocumentId) {
        self.record = record
        self.id = id
    }

    public func follow() async {
        let id = id
        await watched.follow(record, ["entry"]) { try await $0.journal().get(id: id) }
    }
}
