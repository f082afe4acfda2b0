import CompanionCore
import CompanionModels
import ScreenTest
import SwiftUI
import Testing

@MainActor @Suite(.timeLimit(.minutes(5))) struct WelcomeTests {
    @Test func somebodyNewIsWelcomedAndCanBeginAlone() async throws {
        let phone = try Phone()
        let screen = try phone.app()
        #expect(screen.has("Opening…"))
        try keep(screen, as: "opening")
        try await screen.wait(for: "Welcome")
        try keep(screen, as: "welcome")
        try screen.tap("Begin without a clinic")
        try await screen.wait(for: "How are you right now?")
        #expect(phone.models?.status.shown != .notYet)
    }

    @Test func aLinkThatIsNoneIsSaidAndStaysToBeMended() async throws {
        let phone = try Phone()
        let screen = try phone.app()
        try await screen.wait(for: "Pair with your clinic")
        try screen.tap("Pair with your clinic")
        try await screen.wait(for: "Link from your clinic")
        #expect(throws: ScreenError.self) { try screen.tap("Pair") }
        try screen.type("kap://pair/mangled", into: "Link from your clinic")
        try screen.tap("Pair")
        try await screen.wait("the reason") { phone.models?.pairing.trying.isFailed ?? false }
        #expect(try screen.find("Link from your clinic").value == "kap://pair/mangled")
        #expect(try screen.find("Pair").isEnabled)
        try keep(screen, as: "pairing-bad-link")
        try screen.tap("Back")
        #expect(screen.has("Welcome"))
    }

    @Test func pairedByWordsThatAreTheSameOnBothSides() async throws {
        let clinic = try Clinic()
        let phone = try Phone()
        let screen = try phone.app()
        try await screen.wait(for: "Pair with your clinic")
        try screen.tap("Pair with your clinic")
        try await screen.wait(for: "Link from your clinic")
        try keep(screen, as: "pairing-link")
        try screen.type(try await clinic.invite("Ada"), into: "Link from your clinic")
        try screen.tap("Pair")
        try await screen.wait(for: "Waiting for your clinic")
        try keep(screen, as: "pairing-waiting")

        try screen.tap("Use the app meanwhile")
        try await screen.wait("the card") { screen.says("Waiting for ") }
        try keep(screen, as: "today-waiting")
        try screen.tap("See how it stands")

        let words = try await clinic.words()
        await phone.models?.exchange.now()
        try await screen.wait(for: "Compare these words")
        #expect(screen.has("The words are: \(words.joined(separator: ", "))"))
        for look in Look.all { try draw(screen, "pairing-words.\(look)", look) }

        // The server says so by itself.
        try await clinic.admit()
        try await screen.wait(for: "You are paired")
        try keep(screen, as: "pairing-paired")
        try screen.tap("Continue")
        try await screen.wait(for: "How are you right now?")
    }
}

extension Saving {
    var isFailed: Bool {
        if case .failed = self { true } else { false }
    }
}
