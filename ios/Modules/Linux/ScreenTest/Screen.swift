// A view on a screen: drawn, read as VoiceOver would, touched, and put into a folder for a browser to picture.
public import Foundation
import Observation
public import SwiftUI

public enum ScreenError: Error, CustomStringConvertible {
    case notThere(String, on: String)
    case ambiguous(String, Int)
    case disabled(String)
    case can(not: String, String)
    case waitedInVain(String, on: String)

    public var description: String {
        switch self {
        case .notThere(let label, let screen): "nothing is called “\(label)”; there is:\n\(screen)"
        case .ambiguous(let label, let count): "\(count) things are called “\(label)”"
        case .disabled(let label): "“\(label)” is disabled"
        case .can(let verb, let label): "“\(label)” can’t be \(verb)"
        case .waitedInVain(let what, let screen): "waited in vain for \(what); there is:\n\(screen)"
        }
    }
}

/// How a screen is looked at.
public struct Look: Sendable, CustomStringConvertible {
    public let size: DynamicTypeSize
    public let scheme: ColorScheme

    public init(_ size: DynamicTypeSize = .large, _ scheme: ColorScheme = .light) {
        self.size = size
        self.scheme = scheme
    }

    /// As most people have it, and the two sizes at which layouts break, by day and by night.
    public static let all: [Look] = [DynamicTypeSize.large, .accessibility3, .accessibility5].flatMap { size in
        [ColorScheme.light, .dark].map { Look(size, $0) }
    }

    public var description: String {
        let name =
            switch size {
            case .large: "default"
            case .accessibility3: "ax3"
            case .accessibility5: "ax5"
            default: "\(size)"
            }
        return "\(name)-\(scheme)"
    }
}

@MainActor public final class Screen {
    public private(set) var drawings = 0
    private let root: any View
    private let memory: Memory
    private var environment = EnvironmentValues()
    private var nodes: [Node] = []

    public init(_ view: some View, locale: String = "en_US", strings: String? = nil) throws {
        root = view
        let language = String(locale.prefix { $0 != "_" })
        memory = Memory(catalog: try strings.map { try StringCatalog($0, language) })
        environment.locale = Locale(identifier: locale)
    }

    deinit {
        // As a screen that is gone: nothing of it goes on.
        for task in MainActor.assumeIsolated({ Array(memory.tasks.values) }) { task.cancel() }
    }

    // MARK: drawing

    /// Draws again while something has changed that the drawing read. What SwiftUI would not notice is not drawn.
    public func update() {
        for _ in 0..<100 {
            guard memory.signal.lower() || !memory.afterwards.isEmpty else { return }
            draw()
            let afterwards = memory.afterwards
            memory.afterwards = []
            afterwards.forEach { $0() }
        }
        fatalError("the screen never comes to rest: drawing it changes what it is drawn from")
    }

    private func draw() {
        drawings += 1
        memory.presented = []
        memory.seen = []
        memory.asked = []
        let drawing = Drawing(memory, environment)
        Drawing.current = drawing
        defer { Drawing.current = nil }
        nodes = withObservationTracking {
            drawing.draw(root)
        } onChange: { [signal = memory.signal] in
            signal.raise()
        }
        memory.places = memory.places.filter { memory.asked.contains($0.key) }
        memory.watched = memory.watched.filter { memory.seen.contains($0.key) }
        for gone in memory.appeared.subtracting(memory.seen) {
            memory.appeared.remove(gone)
            memory.leaving.removeValue(forKey: gone)?()
        }
    }

    /// Waits until something is so. What ends the wait is a change, and never a clock.
    public func wait(_ what: String, until condition: @MainActor () -> Bool) async throws {
        while true {
            update()
            if condition() { return }
            guard await memory.signal.next() else {
                let error = ScreenError.waitedInVain(what, on: spoken)
                // Of a test that ran out of time its runner says no more than that.
                print(error)
                throw error
            }
        }
    }

    public func wait(for label: String) async throws { try await wait("“\(label)”") { self.has(label) } }

    // MARK: reading

    /// The stops of VoiceOver, in order: of the topmost sheet alone, where there is one.
    public var stops: [Stop] {
        update()
        return (memory.presented.last.map { [$0] } ?? nodes).flatMap(Stop.all)
    }

    public var spoken: String { stops.map(\.description).joined(separator: "\n") }
    public func has(_ label: String) -> Bool { stops.contains { $0.label == label } }
    public func says(_ words: String) -> Bool { stops.contains { $0.label.contains(words) } }

    /// What stays silent: a button without a name, a symbol without words.
    public var silent: [Stop] { stops.filter { $0.label.isEmpty || $0.label.contains("‹") } }

    public var missingWords: [String] {
        update()
        return memory.missingWords.sorted()
    }

    public func find(_ label: String) throws -> Stop {
        let found = stops.filter { $0.label == label }
        let touched = found.filter(\.canBeTouched)
        if touched.count > 1 { throw ScreenError.ambiguous(label, touched.count) }
        guard let one = touched.first ?? found.first else { throw ScreenError.notThere(label, on: spoken) }
        return one
    }

    // MARK: touching

    public func tap(_ label: String) throws {
        let stop = try enabled(label)
        guard let activate = stop.node.activate else { throw ScreenError.can(not: "tapped", label) }
        activate()
        update()
    }

    public func type(_ words: String, into label: String) throws {
        let stop = try enabled(label)
        guard let setText = stop.node.setText else { throw ScreenError.can(not: "typed into", label) }
        setText(words)
        update()
    }

    private func enabled(_ label: String) throws -> Stop {
        let stop = try find(label)
        guard stop.isEnabled else { throw ScreenError.disabled(label) }
        return stop
    }

    /// Comes to the front, or leaves it.
    public func become(_ phase: ScenePhase) {
        environment.scenePhase = phase
        memory.signal.raise()
        update()
    }

    /// What happens when a page asks the system to open an address.
    public func opens(_ answer: @escaping @MainActor (URL) -> Bool) {
        environment.openURL = OpenURLAction { answer($0) ? .handled : .discarded }
        memory.signal.raise()
    }

    // MARK: looking

    public func html(
        _ look: Look = Look(), assets: String, direction: LayoutDirection = .leftToRight
    ) throws -> String {
        let before = environment
        defer {
            environment = before
            memory.signal.raise()
        }
        environment.dynamicTypeSize = look.size
        environment.colorScheme = look.scheme
        environment.layoutDirection = direction
        memory.signal.raise()
        update()
        return page(nodes, above: memory.presented, environment, assets: try assetColors(assets, look.scheme))
    }
}
