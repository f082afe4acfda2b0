// Stacks of pages, tabs, bars, and what lies above a page.
import Foundation

public struct NavigationPath: Equatable {
    var items: [AnyHashable] = []
    public init() {}
    public var count: Int { items.count }
    public var isEmpty: Bool { items.isEmpty }
    public mutating func append<V: Hashable>(_ value: V) { items.append(AnyHashable(value)) }
    public mutating func removeLast(_ k: Int = 1) { items.removeLast(k) }
}

public struct NavigationStack<Data, Root: View>: Primitive {
    let root: Root
    let path: Binding<NavigationPath>?

    package func draw(_ drawing: Drawing) -> [Node] {
        let own = drawing.place("path") { NavigationPath() }
        let items = path?.wrappedValue.items ?? own.value.items
        func go(_ items: [AnyHashable]) {
            var next = NavigationPath()
            next.items = items
            if let path { path.wrappedValue = next } else { own.value = next }
        }

        var bar = Bar()
        bar.push = { go(items + [$0]) }
        var page = drawing.within(bar) { drawing.at("root") { drawing.draw(root) } }
        for (depth, value) in items.enumerated() {
            guard let view = bar.destinations.lazy.compactMap({ $0(value.base) }).first else {
                fatalError("no navigationDestination takes a \(type(of: value.base))")
            }
            let above = Bar()
            above.push = bar.push
            above.destinations = bar.destinations
            let back = { go(Array(items.prefix(depth))) }
            page = drawing.with({ $0.dismissing = back }) {
                drawing.within(above) { drawing.at("\(depth):\(value)") { drawing.draw(view) } }
            }
            let button = Node.backButton(bar.title ?? "Back", back)
            above.items.insert((place: "leading", nodes: [button]), at: 0)
            bar = above
        }
        return [bar.around(page)]
    }
}

extension NavigationStack where Data == NavigationPath {
    @MainActor @preconcurrency public init(@ViewBuilder root: () -> Root) {
        self.root = root()
        path = nil
    }

    @MainActor @preconcurrency public init(path: Binding<NavigationPath>, @ViewBuilder root: () -> Root) {
        self.root = root()
        self.path = path
    }
}

extension Node {
    static func backButton(_ title: String, _ back: @escaping @MainActor () -> Void) -> Node {
        let words = Node(.text)
        words.text = title
        let button = Node(.control, [words])
        button.classes = ["button", "automatic", "back"]
        button.role = .button
        button.label = title
        button.svg = Symbols.svg("chevron.backward")
        button.activate = back
        return button
    }
}

extension Node {
    /// What the whole page lies on, where something does.
    fileprivate var backgroundOfAll: String? {
        guard fillsWidth, fillsHeight, !isHidden else { return nil }
        return styles["background"] ?? children.lazy.compactMap(\.backgroundOfAll).first
    }
}

extension Bar {
    /// The page below its bar, as VoiceOver reads it: leading, title, trailing, then the page.
    func around(_ page: [Node]) -> Node {
        let heading = Node(.text)
        heading.text = title
        heading.role = .staticText
        heading.traits.insert(.isHeader)
        heading.classes = [isInline ? "title" : "largeTitle"]

        func slot(_ name: String, _ nodes: [Node]) -> Node {
            let slot = Node(.hstack, nodes)
            slot.classes = ["slot", name]
            return slot
        }
        func placed(_ place: String) -> [Node] { items.filter { $0.place == place }.flatMap(\.nodes) }
        let confirming = placed("confirming")
        confirming.forEach { $0.style("font-weight", "600") }

        let top = Node(.hstack)
        top.classes = ["bar"]
        top.children = [
            slot("leading", placed("leading")),
            slot("middle", isInline && title != nil ? [heading] : []),
            slot("trailing", placed("trailing") + confirming),
        ]
        let nav = Node(.nav, [top])
        // The background of a page goes on below the bar.
        if let background = page.lazy.compactMap(\.backgroundOfAll).first { nav.style("background", background) }
        if !isInline, title != nil { nav.children.append(heading) }
        nav.children += page
        return nav
    }
}

public struct NavigationLink<Label: View, Destination: View>: Primitive {
    let label: Label
    let value: AnyHashable?

    package func draw(_ drawing: Drawing) -> [Node] {
        let node = Node(.control, drawing.draw(label))
        node.role = .button
        node.classes = ["link"]
        node.fillsWidth = true
        node.isEnabled = drawing.environment.isEnabled && value != nil
        if node.isEnabled, let value {
            node.activate = { [bar = drawing.bar] in bar?.push?(value) }
        }
        return [node]
    }
}

extension NavigationLink where Destination == Never {
    nonisolated public init<P: Hashable>(value: P?, @ViewBuilder label: () -> Label) {
        self.init(label: label(), value: value.map { AnyHashable($0) })
    }
}

public struct TabView<SelectionValue: Hashable, Content: View>: Primitive {
    let selection: Binding<SelectionValue>?
    let content: Content

    package func draw(_ drawing: Drawing) -> [Node] {
        let pages = drawing.draw(content)
        let chosen = pages.first { $0.tag == selection.map { AnyHashable($0.wrappedValue) } } ?? pages.first
        let bar = Node(.hstack)
        bar.classes = ["tabBar"]
        bar.children = pages.map { page in
            let button = Node(.control, page.header)
            button.role = .button
            button.classes = page === chosen ? ["tab", "on"] : ["tab"]
            button.label = page.header.map(\.spoken).joined(separator: " ")
            if page === chosen { button.traits.insert(.isSelected) }
            button.activate = { [selection] in
                if let value = page.tag?.base as? SelectionValue { selection?.wrappedValue = value }
            }
            return button
        }
        return [Node(.tabs, (chosen.map { [$0] } ?? []) + [bar])]
    }
}

extension TabView {
    nonisolated public init(selection: Binding<SelectionValue>?, @ViewBuilder content: () -> Content) {
        self.init(selection: selection, content: content())
    }
}

extension View {
    nonisolated public func tag<V: Hashable>(_ tag: V) -> some View { eachNode { $0.tag = AnyHashable(tag) } }

    nonisolated public func tabItem<V: View>(@ViewBuilder _ label: () -> V) -> some View {
        let item = label()
        return changed { base, drawing in
            let page = Node(.box, drawing.at("page") { drawing.draw(base) })
            (page.fillsWidth, page.fillsHeight) = (true, true)
            page.header = drawing.at("item") { drawing.draw(item) }
            return [page]
        }
    }
}

// MARK: toolbars

public struct ToolbarItemPlacement: Sendable {
    let place: String
    public static let automatic = Self(place: "trailing")
    public static let primaryAction = Self(place: "trailing")
    public static let topBarTrailing = Self(place: "trailing")
    public static let topBarLeading = Self(place: "leading")
    public static let cancellationAction = Self(place: "leading")
    public static let confirmationAction = Self(place: "confirming")
}

@MainActor @preconcurrency public protocol ToolbarContent {}

@MainActor package protocol BarItems {
    func items(_ drawing: Drawing) -> [(place: String, nodes: [Node])]
}

public struct ToolbarItem<ID, Content: View>: ToolbarContent, BarItems {
    let placement: ToolbarItemPlacement
    let content: Content

    package func items(_ drawing: Drawing) -> [(place: String, nodes: [Node])] {
        let nodes = drawing.with({ $0.buttonStyle = "automatic" }) { drawing.draw(content) }
        return [(place: placement.place, nodes: nodes)]
    }
}

extension ToolbarItem where ID == () {
    nonisolated public init(placement: ToolbarItemPlacement = .automatic, @ViewBuilder content: () -> Content) {
        self.init(placement: placement, content: content())
    }
}

public struct _Toolbar: ToolbarContent, BarItems {
    let parts: [any ToolbarContent]

    package func items(_ drawing: Drawing) -> [(place: String, nodes: [Node])] {
        parts.enumerated().flatMap { place, part in
            drawing.at("\(place)") { (part as? any BarItems)?.items(drawing) ?? [] }
        }
    }
}

@resultBuilder public struct ToolbarContentBuilder {
    nonisolated public static func buildExpression<C: ToolbarContent>(_ content: C) -> C { content }
    nonisolated public static func buildBlock<each C: ToolbarContent>(_ content: repeat each C) -> _Toolbar {
        var parts: [any ToolbarContent] = []
        repeat parts.append(each content)
        return _Toolbar(parts: parts)
    }
    nonisolated public static func buildIf<C: ToolbarContent>(_ content: C?) -> _Toolbar {
        _Toolbar(parts: content.map { [$0] } ?? [])
    }
}

public struct NavigationBarItem: Sendable {
    public enum TitleDisplayMode: Sendable { case automatic, inline, large }
}

extension View {
    nonisolated public func navigationTitle(_ titleKey: LocalizedStringKey) -> some View {
        changed { base, drawing in
            drawing.bar?.title = titleKey.resolved(drawing)
            return drawing.draw(base)
        }
    }

    nonisolated public func navigationBarTitleDisplayMode(
        _ displayMode: NavigationBarItem.TitleDisplayMode
    ) -> some View {
        changed { base, drawing in
            drawing.bar?.isInline = displayMode == .inline
            return drawing.draw(base)
        }
    }

    nonisolated public func navigationDestination<D: Hashable, C: View>(
        for data: D.Type, @ViewBuilder destination: @escaping (D) -> C
    ) -> some View {
        changed { base, drawing in
            drawing.bar?.destinations.append { ($0 as? D).map(destination) }
            return drawing.draw(base)
        }
    }

    nonisolated public func toolbar<Content: ToolbarContent>(
        @ToolbarContentBuilder content: () -> Content
    ) -> some View {
        let items = content()
        return changed { base, drawing in
            let drawn = drawing.at("toolbar") { (items as? any BarItems)?.items(drawing) ?? [] }
            drawing.bar?.items += drawn
            return drawing.draw(base)
        }
    }

    // MARK: what lies above

    nonisolated public func sheet<Content: View>(
        isPresented: Binding<Bool>, onDismiss: (() -> Void)? = nil, @ViewBuilder content: @escaping () -> Content
    ) -> some View {
        changed { base, drawing in
            let nodes = drawing.draw(base)
            guard isPresented.wrappedValue else { return nodes }
            let close = {
                isPresented.wrappedValue = false
                onDismiss?()
            }
            drawing.at("sheet") {
                drawing.with({ $0.forSheet(close) }) { drawing.present { Node(.sheet, drawing.draw(content())) } }
            }
            return nodes
        }
    }

    nonisolated public func sheet<Item: Identifiable, Content: View>(
        item: Binding<Item?>, onDismiss: (() -> Void)? = nil, @ViewBuilder content: @escaping (Item) -> Content
    ) -> some View {
        changed { base, drawing in
            let nodes = drawing.draw(base)
            guard let shown = item.wrappedValue else { return nodes }
            let close = {
                item.wrappedValue = nil
                onDismiss?()
            }
            drawing.at("sheet:\(shown.id)") {
                drawing.with({ $0.forSheet(close) }) { drawing.present { Node(.sheet, drawing.draw(content(shown))) } }
            }
            return nodes
        }
    }
}

extension EnvironmentValues {
    /// A sheet takes over what its page was told, and nothing of how its controls look.
    mutating func forSheet(_ close: @escaping @MainActor () -> Void) {
        dismissing = close
        buttonStyle = "automatic"
        isIconOnly = false
        isEnabled = true
    }
}
