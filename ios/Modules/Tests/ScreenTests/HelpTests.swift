import CompanionModels
import Foundation
import ScreenTest
import SwiftUI
import Testing

@MainActor @Suite(.timeLimit(.minutes(5))) struct HelpTests {
    @Test func helpIsThereBeforeTheRecordIsOpenAndOpensThePhonesOwnApp() async throws {
        let phone = try Phone()
        let screen = try phone.app()
        var opened: [String] = []
        screen.opens { url in
            opened.append(url.absoluteString)
            return true
        }
        try screen.tap("Help now")
        let first = try #require(screen.stops.first { $0.label.contains("Call ") })
        try screen.tap(first.label)
        #expect(opened.count == 1)
        #expect(opened[0].hasPrefix("tel:"))
        try keep(screen, as: "help")
        try screen.tap("Close")
        #expect(!screen.has("Close"))
    }

    @Test func aDeviceThatCantCallSaysTheNumber() async throws {
        let phone = try Phone()
        let screen = try phone.app()
        screen.opens { _ in false }
        try screen.tap("Help now")
        let first = try #require(screen.stops.first { $0.label.contains("Call ") })
        try screen.tap(first.label)
        #expect(screen.says("This device can’t do that by itself. The number is "))
        try keep(screen, as: "help-no-phone")
    }

    @Test func helpIsOneTapAwayWhileSomebodyWrites() async throws {
        let phone = try Phone()
        let screen = try await phone.inside()
        try screen.tap("Write something")
        try await screen.wait(for: "Your words")
        try screen.type("it is too much", into: "Your words")
        try screen.tap("Help now")
        #expect(screen.says("Call "))
        try screen.tap("Close")
        #expect(try screen.find("Your words").value == "it is too much")
    }

    @Test func inSpanishAndFromRightToLeft() async throws {
        let phone = try Phone()
        let screen = try await phone.inside(locale: "es_US")
        #expect(screen.has("¿Cómo estás en este momento?") || screen.says("¿"))
        #expect(screen.missingWords == [])
        try draw(screen, "today-check-in.spanish")
        try draw(screen, "today-check-in.right-to-left", direction: .rightToLeft)
    }
}
