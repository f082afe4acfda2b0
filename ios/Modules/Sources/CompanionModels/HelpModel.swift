public import CompanionCore
public import Foundation
public import Observation

/// Help in a crisis. The first lines are there at once; nothing here waits for the record, its key or a network.
@MainActor @Observable
public final class HelpModel {
    /// The most urgent first.
    public private(set) var lines: [HelpLineView]
    /// People of the plan, where the person lets them be read without unlocking.
    public private(set) var people: [HelpPersonView] = []
    /// The number that this device could not call by itself.
    public private(set) var notReached: String?

    @ObservationIgnored private let file: URL

    public init(file: URL) {
        self.file = file
        // They are a part of the app: reading them can fail only where the app itself is broken.
        lines = (try? bundledHelp())?.flatMap(\.lines) ?? []
    }

    /// Somebody opened the page: what may be read without unlocking can have changed since.
    public func look() async {
        notReached = nil
        guard let whole = try? await helpWithoutKey(path: file.path) else { return }
        lines = whole.lines
        people = whole.people
    }

    /// Whether the system's own app for it opened.
    public func reached(_ number: String, _ isOpened: Bool) { notReached = isOpened ? nil : number }
}
