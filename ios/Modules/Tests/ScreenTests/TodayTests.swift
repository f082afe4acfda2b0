import CompanionCore
import CompanionModels
import Foundation
import ScreenTest
import SwiftUI
import Testing

@MainActor @Suite(.timeLimit(.minutes(5))) struct TodayTests {
    @Test func aCheckInTakesTwoTaps() async throws {
        let phone = try Phone()
        let screen = try await phone.inside()
        try keep(screen, as: "today-check-in")
        try screen.tap("slightly pleasant")
        try await screen.wait("who can read it") { screen.says("Only you can read it.") }
        try keep(screen, as: "check-in")
        try screen.tap("Done")
        try await screen.wait(for: "Nothing is asked of you now")
        #expect(screen.has("You checked in today: slightly pleasant."))
        try keep(screen, as: "today-calm")
        let saved = try await phone.record().checkIns().page(request: PageRequest()).items
        #expect(saved.map(\.valence) == [5])
        #expect(saved.map(\.visibility) == [.onlyMe])
    }

    @Test func nothingIsSavedUntilAStepIsChosen() async throws {
        let phone = try Phone()
        let screen = try await phone.inside()
        try screen.tap("pleasant")
        try screen.tap("Close")
        try await screen.wait(for: "Write something")
        try screen.tap("Write something")
        #expect(screen.has("Write"))
        #expect(try await phone.record().checkIns().page(request: PageRequest()).items.isEmpty)
    }

    @Test func aNoteGoesAlong() async throws {
        let phone = try Phone()
        let screen = try await phone.inside()
        try screen.tap("unpleasant")
        try screen.type("  a long night  ", into: "Anything to add? (you can leave it out)")
        try screen.tap("very unpleasant")
        #expect(try screen.find("very unpleasant").isSelected)
        try screen.tap("Done")
        try await screen.wait(for: "You checked in today: very unpleasant.")
        let saved = try await phone.record().checkIns().page(request: PageRequest()).items
        #expect(saved.map(\.note) == ["a long night"])
    }

    @Test func offlineItSaysSoAndWhatIsWrittenWaits() async throws {
        let clinic = try Clinic()
        let phone = try Phone()
        let screen = try await phone.paired(with: clinic)
        clinic.end()
        try screen.tap("pleasant")
        try await screen.wait(for: "Who can read this?")
        let team = try #require(screen.stops.first { $0.label.hasPrefix("My care team") })
        try screen.tap(team.label)
        try keep(screen, as: "check-in-sharing")
        try screen.tap("Done")
        try await screen.wait("both") { screen.says("2 changes are saved on this phone") && screen.has("Try again") }
        // The exchange that was under way when they ended broke off; the next one finds nobody.
        try screen.tap("Try again")
        try await screen.wait(for: "The server cannot be reached.")
        try keep(screen, as: "today-offline")
    }

    @Test func theDayOfASessionIsTheOneCardAndNothingIsRated() async throws {
        let clinic = try Clinic()
        let phone = try Phone()
        let screen = try await phone.paired(with: clinic)
        try await clinic.planSession(inMinutes: 60, place: "Harbor Street 4")
        await phone.models?.exchange.now()
        try await screen.wait(for: "Session 1 is today")
        #expect(!screen.has("Check in"))
        try keep(screen, as: "today-session")
    }

    @Test func theNextSessionAndTheNewestReplyAreSaid() async throws {
        let clinic = try Clinic()
        let phone = try Phone()
        let screen = try await phone.paired(with: clinic)
        let record = try await phone.record()
        _ = try await record.journal().create(request: EntryRequest(
            body: "Can I call you?", kind: .reflection, visibility: .careTeam, at: record.now()))
        _ = try await record.checkIns().create(request: CheckInRequest(
            valence: 6, note: "", visibility: .onlyMe, at: record.now()))
        await phone.models?.exchange.now()
        #expect(try await clinic.bodies() == ["Can I call you?"])
        try await clinic.reply(to: "Can I call you?", "Yes, on Friday after four.")
        try await clinic.planSession(inMinutes: 4 * 24 * 60, place: "Harbor Street 4")
        await phone.models?.exchange.now()
        try await screen.wait("both") {
            screen.has("Your next session, number 1") && screen.has("Yes, on Friday after four.")
        }
        #expect(screen.says("12:00"))
        for look in Look.all { try draw(screen, "today-next.\(look)", look) }
    }

    @Test func whileTheAppIsAwayNothingOfItShowsAndItGoesOnAfterwards() async throws {
        let phone = try Phone()
        let screen = try await phone.inside()
        screen.become(.inactive)
        #expect(screen.spoken == "“Paused”")
        screen.become(.background)
        try keep(screen, as: "paused")
        screen.become(.active)
        try screen.tap("pleasant")
        try screen.tap("Done")
        try await screen.wait(for: "You checked in today: pleasant.")
    }

    @Test func aRecordWithoutItsKeyIsSaidKindlyAndHelpIsThere() async throws {
        let phone = try Phone()
        try await phone.record().pause()
        phone.vault.lose()
        let screen = try phone.app()
        try await screen.wait(for: "This record has no key here")
        try keep(screen, as: "shut-no-key")
        try screen.tap("Help now")
        #expect(screen.says("Call 911"))
    }

    @Test func aDamagedRecordCanBeTriedAgain() async throws {
        let phone = try Phone()
        try await phone.record().pause()
        try Data("no record".utf8).write(to: phone.file)
        let screen = try phone.app()
        try await screen.wait(for: "Can’t open right now")
        try keep(screen, as: "shut")
        try screen.tap("Try again")
        try await screen.wait(for: "Can’t open right now")
    }
}

extension Phone {
    /// The app of somebody whom the clinic has let in.
    func paired(with clinic: Clinic) async throws -> Screen {
        let record = try await record()
        _ = try await record.pair(link: try await clinic.invite("Ada"))
        _ = try await record.sync()
        _ = try await clinic.words()
        try await clinic.admit()
        _ = try await record.sync()
        try await record.pause()
        let screen = try app()
        try await screen.wait(for: "How are you right now?")
        return screen
    }
}
