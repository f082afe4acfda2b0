import CompanionCore
import CompanionModels
import CompanionUI
import Foundation
import ScreenTest
import SwiftUI
import Testing

/// A vault that forgets with the test.
final class MemoryVault: KeyVault, @unchecked Sendable {
    private let lock = NSLock()
    private var kept: Data?

    func key() throws -> Data? { lock.withLock { kept } }
    func keepKey(key: Data) throws { lock.withLock { kept = key } }
    func lose() { lock.withLock { kept = nil } }
}

/// A phone with the whole app on it, over the real core. What it kept stays when the app is ended.
@MainActor final class Phone {
    let folder: URL
    let vault = MemoryVault()
    let drafts: (any DraftKeeping)?
    private(set) var door: RecordDoor

    init(drafts: (any DraftKeeping)? = nil) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("companion-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.drafts = drafts
        door = RecordDoor(file: folder.appendingPathComponent("record.db"), vault: vault, drafts: drafts)
    }

    var file: URL { folder.appendingPathComponent("record.db") }

    /// Starts the app.
    func app(locale: String = "en_US") throws -> Screen {
        door = RecordDoor(file: file, vault: vault, drafts: drafts)
        return try Screen(
            RootScreen(door: door, help: HelpModel(file: file)),
            locale: locale, strings: source("App/Localizable.xcstrings"))
    }

    /// Starts it as somebody without a clinic, who has begun.
    func inside(locale: String = "en_US") async throws -> Screen {
        let screen = try app(locale: locale)
        try await screen.wait("the record to be open") { self.models?.place != nil }
        models?.go(.inside)
        try await screen.wait("the first page") { self.isShown(self.models?.today.watched.shown) }
        return screen
    }

    /// Ends the app, as the system does: nothing is said to it.
    func kill() { door = RecordDoor(file: file, vault: vault, drafts: drafts) }

    var models: RecordModels? {
        if case .open(let models) = door.standing { models } else { nil }
    }

    /// The record beside the app, as its other screens or the clinic would write into it.
    func record() async throws -> PhoneRecord {
        try await openRecord(request: OpenRequest(path: file.path), vault: vault, log: nil)
    }

    private func isShown<Value>(_ loaded: Loaded<Value>?) -> Bool {
        if case .here = loaded { true } else { false }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
}

/// A file of `ios/`.
func source(_ path: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../\(path)").path
}

/// What is half past seven in the evening where it was written, whatever zone the machine of a test is in.
let evening = LocalMoment(instant: Date(timeIntervalSince1970: 1_790_033_400), offsetMinutes: -240)

func entry(_ body: String, title: String = "") -> EntryRequest {
    EntryRequest(title: title, body: body, kind: .reflection, visibility: .onlyMe, at: evening)
}
