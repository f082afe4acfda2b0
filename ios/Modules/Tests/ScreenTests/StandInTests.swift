import Foundation
import Observation
import ScreenTest
import SwiftUI
import Testing

/// The stand-in notices what SwiftUI would notice, and no more; and what holds every screen is shown one that fails.
@MainActor @Suite(.timeLimit(.minutes(5))) struct StandInTests {
    final class Plain {
        var count = 0
    }

    @MainActor @Observable final class Seen {
        var count = 0
    }

    struct PlainView: View {
        let model: Plain
        var body: some View {
            Button("Add") { model.count += 1 }
            Text("\(model.count) so far")
        }
    }

    struct SeenView: View {
        let model: Seen
        var body: some View {
            Button("Add") { model.count += 1 }
            Text("\(model.count) so far")
        }
    }

    @Test func aModelThatIsNotObservableIsNotDrawnAnew() throws {
        let screen = try Screen(PlainView(model: Plain()))
        try screen.tap("Add")
        #expect(screen.has("0 so far"))
    }

    @Test func anObservableOneIs() throws {
        let screen = try Screen(SeenView(model: Seen()))
        try screen.tap("Add")
        #expect(screen.has("1 so far"))
        let drawings = screen.drawings
        screen.update()
        #expect(screen.drawings == drawings)
    }

    @Test func aButtonOfASymbolAloneIsFoundSilent() throws {
        let screen = try Screen(Button {} label: { Image(systemName: "checkmark") })
        #expect(screen.silent.count == 1)
        let named = try Screen(Button {} label: { Image(systemName: "checkmark") }.accessibilityLabel("Done"))
        #expect(named.silent.isEmpty)
    }

    @Test func whatIsDisabledOrThereTwiceOrNotThereCantBeTapped() throws {
        let screen = try Screen(VStack {
            Button("Save") {}.disabled(true)
            Button("Twice") {}
            Button("Twice") {}
        })
        for label in ["Save", "Twice", "Missing"] {
            #expect(throws: ScreenError.self) { try screen.tap(label) }
        }
    }

    struct Keeping: View {
        @State private var count = 0
        @State private var isShown = false
        var body: some View {
            Button("Add") { count += 1 }
            Text("\(count) here")
            Button("Open") { isShown = true }
                .sheet(isPresented: $isShown) { Inner() }
        }
    }

    struct Inner: View {
        @Environment(\.dismiss) private var dismiss
        @State private var isShown = false
        @State private var count = 0
        var body: some View {
            Button("Close the first") { dismiss() }
            Button("Add inside") { count += 1 }
            Text("\(count) inside")
            Button("Open another") { isShown = true }
                .sheet(isPresented: $isShown) { Text("the second sheet") }
        }
    }

    @Test func aViewKeepsItsStateAndASheetHidesWhatIsBelow() throws {
        let screen = try Screen(Keeping())
        try screen.tap("Add")
        try screen.tap("Add")
        #expect(screen.has("2 here"))
        try screen.tap("Open")
        #expect(!screen.has("2 here"))
        try screen.tap("Open another")
        #expect(screen.spoken == "“the second sheet”")
    }

    @Test func aSheetThatIsClosedForgetsWhatItKept() throws {
        let screen = try Screen(Keeping())
        try screen.tap("Add")
        try screen.tap("Open")
        try screen.tap("Add inside")
        #expect(screen.has("1 inside"))
        try screen.tap("Close the first")
        #expect(screen.has("1 here"))
        try screen.tap("Open")
        #expect(screen.has("0 inside"))
    }

    struct Counted: View {
        let count: Int
        var body: some View { Text("\(count) changes are saved on this phone and not sent yet.") }
    }

    @Test func wordsComeFromTheCatalogInEachLanguageAndNumber() throws {
        let strings = source("App/Localizable.xcstrings")
        #expect(try Screen(Counted(count: 1), strings: strings).says("1 change is saved"))
        #expect(try Screen(Counted(count: 2), strings: strings).says("2 changes are saved"))
        #expect(try Screen(Counted(count: 2), locale: "es_US", strings: strings).says("2 cambios"))
        let lacking = try Screen(Text("never translated"), strings: strings)
        #expect(lacking.missingWords == ["never translated"])
    }

    @Test func allOfTheCatalogIsInSpanishToo() throws {
        let file = URL(fileURLWithPath: source("App/Localizable.xcstrings"))
        let catalog = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let strings = try #require(catalog["strings"] as? [String: [String: Any]])
        #expect(strings.count > 100)
        let lacking = strings.filter { ($0.value["localizations"] as? [String: Any])?["es"] == nil }
        #expect(lacking.keys.sorted() == [])
    }

    struct Sized: View {
        @Environment(\.dynamicTypeSize) private var size
        @ScaledMetric private var side = 17.0
        var body: some View { Text("\(size.isAccessibilitySize ? "large" : "small") \(Int(side))") }
    }

    @Test func aLookChangesTheSizeAndTheColorsAndNothingElse() throws {
        let screen = try Screen(Sized())
        let assets = source("App/Assets.xcassets")
        let plain = try screen.html(assets: assets)
        #expect(plain.contains("small 17"))
        #expect(plain.contains("--asset-Page:rgb(245,244,239)"))
        let large = try screen.html(Look(.accessibility5, .dark), assets: assets)
        #expect(large.contains("large 53"))
        #expect(large.contains("--asset-Page:rgb(17,24,26)"))
        #expect(try screen.html(assets: assets, direction: .rightToLeft).contains("dir=\"rtl\""))
        #expect(screen.has("small 17"))
    }
}
