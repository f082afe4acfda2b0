import CompanionCore
import Foundation

extension LocalMoment {
    /// An instant as the clock on the wall shows it in a time zone, to the minute of its offset.
    public init(_ date: Date, in zone: TimeZone = .current) {
        self.init(instant: date, offsetMinutes: Int32(zone.secondsFromGMT(for: date) / 60))
    }

    /// The zone to show it in: what was evening for whoever wrote it stays evening.
    public var zone: TimeZone {
        TimeZone(secondsFromGMT: Int(offsetMinutes) * 60) ?? .gmt
    }
}

extension CalendarDay {
    /// The day that a Gregorian calendar in this time zone shows at this instant; nothing before the year 0 or after
    /// the year 9999.
    public init?(_ date: Date, in zone: TimeZone = .current) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.era, .year, .month, .day], from: date)
        guard parts.era == 1, let year = parts.year, let month = parts.month, let day = parts.day,
            0...9999 ~= year
        else { return nil }
        self.init(year: Int32(year), month: UInt8(month), day: UInt8(day))
    }

    /// For Foundation's calendars, pickers and formatters. It has no time zone: it is that day wherever the person is.
    public var dateComponents: DateComponents {
        DateComponents(
            calendar: Calendar(identifier: .gregorian),
            year: Int(year), month: Int(month), day: Int(day)
        )
    }
}
