// How a view becomes nodes: where it stands, what it keeps between two drawings, and what it presents.
import Foundation
import Observation

/// One thing that is drawn, with what VoiceOver is told of it and what a finger can do with it.
@MainActor package final class Node {
    package enum Kind: String {
        case box, text, drawing, vstack, hstack, zstack, scroll, list, section, spacer, divider, control, nav, sheet
        case tabs
    }

    package enum Role: String {
        case staticText, button, image, textField, progress
    }

    package let kind: Kind
    package var children: [Node]
    package var text: String?
    /// What is put before the children: a drawing, as SVG.
    package var svg: String?
    package var classes: [String] = []
    package var styles: [String: String] = [:]
    package var fillsWidth = false
    package var fillsHeight = false
    /// Of a section of a list, or the item of a tab.
    package var header: [Node] = []
    package var footer: [Node] = []
    package var rowBackground: String?
    /// What a tab is chosen by.
    package var tag: AnyHashable?

    package var role: Role?
    package var label: String?
    package var value: String?
    package var hint: String?
    package var placeholder: String?
    package var isHidden = false
    package var traits = AccessibilityTraits()
    package var grouping: AccessibilityChildBehavior?
    package var isEnabled = true

    package var activate: (@MainActor () -> Void)?
    package var setText: (@MainActor (String) -> Void)?
    package var actions: [(name: String, act: @MainActor () -> Void)] = []

    package init(_ kind: Kind, _ children: [Node] = []) {
        self.kind = kind
        self.children = children
        switch kind {
        case .scroll, .list, .nav, .sheet, .tabs: (fillsWidth, fillsHeight) = (true, true)
        case .divider: fillsWidth = true
        default:
            fillsWidth = children.contains(where: \.fillsWidth)
            fillsHeight = children.contains(where: \.fillsHeight)
        }
    }

    /// What is nearest to the view holds, as with SwiftUI's modifiers.
    package func style(_ property: String, _ value: String) {
        if styles[property] == nil { styles[property] = value }
    }

    /// All that VoiceOver would say of it and of what is in it.
    package var spoken: String {
        if isHidden { return "" }
        return label ?? text ?? children.map(\.spoken).filter { !$0.isEmpty }.joined(separator: ", ")
    }
}

/// What a navigation bar is told by the views below it.
@MainActor final class Bar {
    var title: String?
    var isInline = false
    var items: [(place: String, nodes: [Node])] = []
    var destinations: [(Any) -> (any View)?] = []
    var push: ((AnyHashable) -> Void)?
}

/// Raised, from any thread, when something that a drawing read is about to change; whoever waits is called.
package final class Signal: @unchecked Sendable {
    private let lock = NSLock()
    private var isRaised = true
    private let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    package func raise() {
        lock.withLock { isRaised = true }
        continuation.yield()
    }

    package func lower() -> Bool {
        lock.withLock {
            defer { isRaised = false }
            return isRaised
        }
    }

    /// False when whoever waits was canceled.
    package func next() async -> Bool {
        var raises = stream.makeAsyncIterator()
        return await raises.next() != nil
    }
}

/// What of a screen outlives one drawing.
@MainActor package final class Memory {
    package let signal = Signal()
    package var places: [String: AnyObject] = [:]
    /// Which of them this drawing asked for. What is drawn no more keeps nothing.
    package var asked: Set<String> = []
    /// What had appeared at the last drawing, and what did at this one.
    package var appeared: Set<String> = []
    package var seen: Set<String> = []
    package var tasks: [String: Task<Void, Never>] = [:]
    package var leaving: [String: @MainActor () -> Void] = [:]
    package var watched: [String: Any] = [:]
    /// What is to be done once this drawing is finished.
    package var afterwards: [@MainActor () -> Void] = []
    package var presented: [Node] = []
    package var symbols: Set<String> = []
    package let catalog: StringCatalog?
    package var missingWords: Set<String> = []

    package init(catalog: StringCatalog?) {
        self.catalog = catalog
    }
}

@MainActor package final class Drawing {
    /// The one that is under way, for what is asked of no view: text in a text.
    package static var current: Drawing?

    package let memory: Memory
    package var environment: EnvironmentValues
    var bar: Bar?
    private var path: [String] = []

    package init(_ memory: Memory, _ environment: EnvironmentValues) {
        self.memory = memory
        self.environment = environment
    }

    package func draw(_ view: any View) -> [Node] { open(view) }

    private func open<Opened: View>(_ view: Opened) -> [Node] {
        if let primitive = view as? any Primitive { return primitive.draw(self) }
        return at("\(Opened.self)") {
            bind(view)
            return open(view.body)
        }
    }

    /// Gives the view's `@State`, `@Environment` and the like what they have at this place.
    func bind(_ view: Any) {
        for child in Mirror(reflecting: view).children {
            (child.value as? any Bound)?.bind(self, child.label ?? "_")
        }
    }

    var here: String { path.joined(separator: "/") }

    func at<Result>(_ step: String, _ body: () -> Result) -> Result {
        path.append(step)
        defer { path.removeLast() }
        return body()
    }

    package func with<Result>(_ change: (inout EnvironmentValues) -> Void, _ body: () -> Result) -> Result {
        let before = environment
        change(&environment)
        defer { environment = before }
        return body()
    }

    func within<Result>(_ bar: Bar?, _ body: () -> Result) -> Result {
        let before = self.bar
        self.bar = bar
        defer { self.bar = before }
        return body()
    }

    func place<Value>(_ label: String, _ initial: () -> Value) -> Place<Value> {
        let key = "\(here).\(label)"
        memory.asked.insert(key)
        if let place = memory.places[key] as? Place<Value> { return place }
        let place = Place(initial())
        place.changed = { [signal = memory.signal] in signal.raise() }
        memory.places[key] = place
        return place
    }

    /// Names something that stands here, another one each time that it is asked for in one drawing.
    func name(_ what: String) -> String {
        var name = "\(here)!\(what)"
        while !memory.seen.insert(name).inserted { name += "+" }
        return name
    }

    /// Does something once, when what stands here is first drawn.
    func onAppear(_ act: @escaping @MainActor () -> Void) { appears(name("appear"), act) }

    /// Runs as long as what stands here is drawn.
    func runs(_ what: String, _ action: @escaping @Sendable @MainActor () async -> Void) {
        let name = name(what)
        appears(name) { [memory] in memory.tasks[name] = Task { await action() } }
        memory.leaving[name] = { [memory] in memory.tasks.removeValue(forKey: name)?.cancel() }
    }

    private func appears(_ name: String, _ act: @escaping @MainActor () -> Void) {
        if memory.appeared.insert(name).inserted { memory.afterwards.append(act) }
    }

    /// Puts something above the screen. Of two the outer one lies below, although it is finished last.
    func present(_ draw: () -> Node) {
        let place = memory.presented.count
        memory.presented.append(Node(.sheet))
        memory.presented[place] = within(nil, draw)
    }
}
