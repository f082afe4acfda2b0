import Foundation
import ScreenTest
import SwiftUI
import Testing

/// What every screen is held to: everything on it has a name, all of its words are in the catalog, and what VoiceOver
/// reads is what was read when somebody last looked. Then it is drawn in each look, for a browser to picture and judge.
@MainActor
func keep(_ screen: Screen, as name: String, _ place: SourceLocation = #_sourceLocation) throws {
    #expect(screen.silent.map(\.description) == [], sourceLocation: place)
    #expect(screen.missingWords == [], "not in ios/App/Localizable.xcstrings", sourceLocation: place)
    try compare(screen.spoken, name, place)
    for look in Look.all {
        try draw(screen, "\(name).\(look)", look)
    }
}

/// Only draws it: in another language, or from right to left.
@MainActor
func draw(
    _ screen: Screen, _ name: String, _ look: Look = Look(), direction: LayoutDirection = .leftToRight
) throws {
    guard let folder = ProcessInfo.processInfo.environment["COMPANION_SCREENS"] else { return }
    let html = try screen.html(look, assets: source("App/Assets.xcassets"), direction: direction)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try html.write(toFile: "\(folder)/\(name).html", atomically: true, encoding: .utf8)
}

/// Against the file of this name in `Reading/`. `COMPANION_READ_ANEW=1` writes it: look at each before you keep it.
private func compare(_ spoken: String, _ name: String, _ place: SourceLocation) throws {
    let file = URL(fileURLWithPath: source("Modules/Tests/ScreenTests/Reading/\(name).txt"))
    if ProcessInfo.processInfo.environment["COMPANION_READ_ANEW"] == "1" {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("\(spoken)\n".utf8).write(to: file)
        return
    }
    let kept = try? String(contentsOf: file, encoding: .utf8)
    #expect("\(spoken)\n" == kept, "VoiceOver reads \(name) otherwise", sourceLocation: place)
}
