import CompanionCore
import CompanionKit
import Foundation
import Testing

/// Moments and days, between Foundation and the core.
@Suite struct TimeTests {
    let berlin = TimeZone(identifier: "Europe/Berlin")!

    @Test func aMomentHasTheOffsetOfItsOwnInstant() {
        // The night in which the clocks went back, 26 October 2025: before and after 01:00 UTC.
        let before = Date(timeIntervalSince1970: 1_761_440_399)
        #expect(LocalMoment(before, in: berlin).offsetMinutes == 120)
        #expect(LocalMoment(before + 1, in: berlin).offsetMinutes == 60)
        #expect(LocalMoment(before, in: TimeZone(identifier: "Asia/Kathmandu")!).offsetMinutes == 345)
        #expect(LocalMoment(before, in: berlin).zone.secondsFromGMT() == 7_200)
    }

    @Test func aDayIsTheOneOfTheTimeZone() {
        let lateInBerlin = Date(timeIntervalSince1970: 1_761_432_000)  // 25 October 2025, 22:40 UTC
        #expect(CalendarDay(lateInBerlin, in: berlin) == CalendarDay(year: 2025, month: 10, day: 26))
        #expect(CalendarDay(lateInBerlin, in: .gmt) == CalendarDay(year: 2025, month: 10, day: 25))
        #expect(CalendarDay(.distantPast - 86_400 * 366 * 2_000, in: .gmt) == nil)
        let parts = CalendarDay(year: 2024, month: 2, day: 29).dateComponents
        #expect(parts.isValidDate)
    }
}
