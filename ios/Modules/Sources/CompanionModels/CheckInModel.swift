public import CompanionCore
import CompanionKit
public import Foundation
public import Observation

/// How somebody is, in two taps: a step, and *Done*. All else can be left out.
@MainActor @Observable
public final class CheckInModel: Identifiable {
    /// The least pleasant is 1.
    public static let steps = 1...7

    public nonisolated let id = UUID()
    public private(set) var feeling: Int?
    public var note = ""
    public var readers = WhoReads.onlyMe
    public private(set) var saving = Saving.not
    public let sharing = Watched<Sharing>()

    @ObservationIgnored private let record: PhoneRecord
    @ObservationIgnored private let exchange: Exchange

    init(_ record: PhoneRecord, _ exchange: Exchange, _ feeling: Int?) {
        self.record = record
        self.exchange = exchange
        self.feeling = feeling
    }

    public func follow() async { await sharing.follow(record) { try await CompanionModels.sharing(of: $0) } }

    public func feel(_ feeling: Int) { self.feeling = feeling }

    public var canSave: Bool { feeling != nil && saving != .now }

    public func save() async {
        guard canSave, let feeling else { return }
        saving = .now
        do {
            _ = try await record.checkIns().create(request: CheckInRequest(
                valence: UInt8(feeling),
                note: note.trimmingCharacters(in: .whitespacesAndNewlines),
                visibility: sharing.shown == .here(.offered) ? readers : .onlyMe,
                at: record.now()))
            saving = .done
            exchange.soon()
        } catch {
            saving = .failed(CompanionError(error))
        }
    }
}
