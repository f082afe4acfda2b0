public import CompanionCore
import CompanionKit
public import Observation

/// What the first page shows.
public struct Today: Equatable, Sendable {
    /// The one thing that matters now.
    public enum Card: Equatable, Sendable {
        /// Somebody at the clinic has to let this phone in.
        case waiting(clinic: String, hasWords: Bool)
        /// It is the day of a session.
        case session(SessionTodayView)
        /// How somebody is was not said today.
        case checkIn
        /// The next session is planned.
        case next(DosingSessionView)
        /// Nothing is asked.
        case calm(CheckInView)
    }

    public let card: Card
    /// Whether how somebody is can be said below the card.
    public let offersCheckIn: Bool
    /// The newest reply of the care team.
    public let reply: ReplyView?
    /// Changes that wait on this phone for their clinic.
    public let waiting: Int
    public let warnings: [WarningView]
}

/// Today, from what the core says of it.
@MainActor @Observable
public final class TodayModel {
    public let watched = Watched<Today>()
    @ObservationIgnored private let record: PhoneRecord

    init(_ record: PhoneRecord) {
        self.record = record
    }

    public func follow() async { await watched.follow(record) { try await today($0) } }
}

private func today(_ record: PhoneRecord) async throws -> Today {
    let status = try await record.status()
    let session = try await record.sessionDay()
    let last = try await record.checkIns().page(request: PageRequest(rows: 1)).items.first
    let said = try last.flatMap { try isToday($0.at, record) ? $0 : nil }
    let card: Today.Card
    if case .waiting(let words, _) = status.pairing {
        card = .waiting(clinic: status.clinic ?? "", hasWords: words != nil)
    } else if let session {
        card = .session(session)
    } else if let said {
        card = try await record.nextSession().map { .next($0) } ?? .calm(said)
    } else {
        card = .checkIn
    }
    return Today(
        card: card,
        // On the day of a session nothing is to be rated, unless the core offers it.
        offersCheckIn: card != .checkIn && session?.offers.measures != false,
        reply: try await record.replies().page(request: PageRequest(rows: 1)).items.first,
        // Alone, nothing waits for anybody.
        waiting: status.pairing == .alone ? 0 : Int(status.waiting),
        warnings: status.warnings)
}

/// By the calendar of where each was: a day is what a clock on the wall says.
private func isToday(_ moment: LocalMoment, _ record: PhoneRecord) throws -> Bool {
    let now = try record.now()
    return CalendarDay(moment.instant, in: moment.zone) == CalendarDay(now.instant, in: now.zone)
}
