import CompanionCore
import CompanionModels
import Foundation
import ScreenTest
import SwiftUI
import Testing

@MainActor @Suite(.timeLimit(.minutes(5))) struct JournalTests {
    @Test func anEmptyJournalSaysWhatWillBeThere() async throws {
        let phone = try Phone()
        let screen = try await phone.inside()
        try screen.tap("Journal")
        try await screen.wait(for: "Nothing is written yet.")
        try keep(screen, as: "journal-empty")
    }

    @Test func whatIsWrittenIsListedWithWhoCanReadItAndWhereItIs() async throws {
        let phone = try Phone()
        let screen = try await phone.inside()
        try screen.tap("Journal")
        try await screen.wait(for: "Write")
        try screen.tap("Write")
        try await screen.wait(for: "Your words")
        #expect(throws: ScreenError.self) { try screen.tap("Save") }
        try screen.type(" \n", into: "Your words")
        #expect(throws: ScreenError.self) { try screen.tap("Save") }
        try screen.type("The music helped.", into: "Your words")
        try screen.tap("Save")
        try await screen.wait("the entry") { screen.says("The music helped.") }
        #expect(screen.says("Who can read it: Only me"))
        #expect(screen.says("Where it is: only on your devices"))
    }

    @Test func oneEntryIsShownWhole() async throws {
        let phone = try Phone()
        let record = try await phone.record()
        _ = try await record.journal().create(request: entry(
            "The music carried me. At first I was afraid, and then I saw the sea.\n\nI want to call my sister.",
            title: "After the second session"))
        let screen = try await phone.inside()
        try screen.tap("Journal")
        try await screen.wait("the entry") { screen.says("After the second session") }
        try keep(screen, as: "journal")
        let row = try #require(screen.stops.first { $0.label.contains("The music carried me") })
        try screen.tap(row.label)
        try await screen.wait(for: "Entry")
        try await screen.wait(for: "Where it is: only on your devices")
        try keep(screen, as: "entry")
    }

    @Test func aDraftSurvivesTheEndOfTheApp() async throws {
        let phone = try Phone()
        var screen: Screen? = try await phone.inside()
        try screen?.tap("Write something")
        try await screen?.wait(for: "Your words")
        for words in ["I", "I was", "I was above the sea"] { try screen?.type(words, into: "Your words") }
        try await phone.drafted("I was above the sea")
        phone.kill()
        screen = nil

        let again = try await phone.inside()
        try again.tap("Write something")
        try await again.wait(for: "Your words")
        #expect(try again.find("Your words").value == "I was above the sea")
        try keep(again, as: "write")
        try again.tap("Save")
        try await again.wait(for: "Write something")
        try again.tap("Write something")
        try await again.wait(for: "Your words")
        #expect(try again.find("Your words").value == "")
        #expect(try await phone.record().journal().page(request: PageRequest()).items.count == 1)
    }

    @Test func closingKeepsTheWordsAndSavesNothing() async throws {
        let phone = try Phone()
        let screen = try await phone.inside()
        try screen.tap("Write something")
        try await screen.wait(for: "Your words")
        try screen.type("half a thought", into: "Your words")
        try screen.tap("Close")
        try await phone.drafted("half a thought")
        try screen.tap("Write something")
        try await screen.wait(for: "Your words")
        #expect(try screen.find("Your words").value == "half a thought")
        #expect(try await phone.record().journal().page(request: PageRequest()).items.isEmpty)
    }

    @Test func aDraftThatCantBeKeptIsSaidAndTheWordsStay() async throws {
        let phone = try Phone(drafts: FullDisk())
        let screen = try await phone.inside()
        try screen.tap("Write something")
        try await screen.wait(for: "Your words")
        try screen.type("still here", into: "Your words")
        try await screen.wait(for: "The disk is full.")
        #expect(try screen.find("Your words").value == "still here")
        try keep(screen, as: "write-not-kept")
    }

    @Test func anEntryThatIsGoneMeanwhileIsSaidWithAWayOn() async throws {
        let phone = try Phone()
        let record = try await phone.record()
        let id = try await record.journal().create(request: entry("soon gone")).head.id
        let screen = try await phone.inside()
        try screen.tap("Journal")
        try await screen.wait("the entry") { screen.says("soon gone") }
        let row = try #require(screen.stops.first { $0.label.contains("soon gone") })
        try screen.tap(row.label)
        try await screen.wait(for: "Entry")
        try await record.journal().delete(id: id)
        try await screen.wait(for: "Try again")
        try keep(screen, as: "entry-gone")
    }

    @Test func olderEntriesAreAskedFor() async throws {
        let phone = try Phone()
        let record = try await phone.record()
        for number in 1...31 { _ = try await record.journal().create(request: entry("Entry number \(number)")) }
        let screen = try await phone.inside()
        try screen.tap("Journal")
        try await screen.wait(for: "Show older entries")
        #expect(screen.stops.filter { $0.label.contains("Entry number") }.count == 30)
        try screen.tap("Show older entries")
        try await screen.wait("all of them") { !screen.has("Show older entries") }
        #expect(screen.stops.filter { $0.label.contains("Entry number") }.count == 31)
    }

    @Test func whatIsSharedReachesTheCareTeam() async throws {
        let clinic = try Clinic()
        let phone = try Phone()
        let screen = try await phone.paired(with: clinic)
        try screen.tap("Write something")
        try await screen.wait(for: "Who can read this?")
        try screen.type("Please read this before Friday.", into: "Your words")
        let team = try #require(screen.stops.first { $0.label.hasPrefix("My care team") })
        try screen.tap(team.label)
        for look in Look.all { try draw(screen, "write-sharing.\(look)", look) }
        try screen.tap("Save")
        try await screen.wait(for: "Write something")
        try screen.tap("Journal")
        try await screen.wait("it to be sent") { screen.says("Where it is: sent, not yet received by the clinic") }
        #expect(try await clinic.bodies() == ["Please read this before Friday."])
        await phone.models?.exchange.now()
        try await screen.wait("the delivery") { screen.says("Where it is: delivered to Harbor Street Clinic at ") }
        #expect(screen.says("Who can read it: My care team"))
    }
}

/// A disk on which no draft has room.
private struct FullDisk: DraftKeeping {
    func draft(page: String, about: DocumentId?) async throws -> String? { nil }
    func keepDraft(page: String, about: DocumentId?, words: String) async throws {
        throw CompanionError.DiskFull(words: "the disk is full")
    }
}

extension Phone {
    /// Once these words are kept.
    func drafted(_ words: String) async throws {
        let beside = try await record()
        while try await beside.draft(page: "write", about: nil) != words {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}
