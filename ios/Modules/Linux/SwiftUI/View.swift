// Views, the builder that joins them, and modifiers, as SwiftUI of iOS 17 declares them. Each part that Apple draws by
// itself is a `Primitive` here, which says what nodes it becomes.
import Foundation

@MainActor @preconcurrency
public protocol View {
    associatedtype Body: View
    @ViewBuilder @MainActor @preconcurrency var body: Body { get }
}

extension Never: View {
    public var body: Never { fatalError("Never has no body") }
}

/// A view that draws itself. Any other is drawn by drawing its body.
@MainActor package protocol Primitive: View where Body == Never {
    func draw(_ drawing: Drawing) -> [Node]
}

extension Primitive {
    public var body: Never { fatalError("what draws itself has no body") }
}

@resultBuilder
public struct ViewBuilder {
    nonisolated public static func buildExpression<Content: View>(_ content: Content) -> Content { content }
    nonisolated public static func buildBlock() -> EmptyView { EmptyView() }
    nonisolated public static func buildBlock<Content: View>(_ content: Content) -> Content { content }

    @_disfavoredOverload
    nonisolated public static func buildBlock<each Content: View>(
        _ content: repeat each Content
    ) -> TupleView<(repeat each Content)> {
        var parts: [any View] = []
        repeat parts.append(each content)
        return TupleView((repeat each content), parts)
    }

    nonisolated public static func buildIf<Content: View>(_ content: Content?) -> Content? { content }

    nonisolated public static func buildEither<First: View, Second: View>(
        first: First
    ) -> _ConditionalContent<First, Second> {
        _ConditionalContent(part: .first(first))
    }

    nonisolated public static func buildEither<First: View, Second: View>(
        second: Second
    ) -> _ConditionalContent<First, Second> {
        _ConditionalContent(part: .second(second))
    }
}

public struct EmptyView: Primitive {
    nonisolated public init() {}
    package func draw(_ drawing: Drawing) -> [Node] { [] }
}

public struct TupleView<T>: Primitive {
    public var value: T
    let parts: [any View]

    nonisolated init(_ value: T, _ parts: [any View]) {
        self.value = value
        self.parts = parts
    }

    package func draw(_ drawing: Drawing) -> [Node] {
        parts.enumerated().flatMap { place, view in drawing.at("\(place)") { drawing.draw(view) } }
    }
}

public struct _ConditionalContent<TrueContent: View, FalseContent: View>: Primitive {
    enum Part {
        case first(TrueContent)
        case second(FalseContent)
    }

    let part: Part

    package func draw(_ drawing: Drawing) -> [Node] {
        switch part {
        case .first(let view): drawing.at("then") { drawing.draw(view) }
        case .second(let view): drawing.at("else") { drawing.draw(view) }
        }
    }
}

extension Optional: View where Wrapped: View {
    public var body: Never { fatalError("an optional has no body") }
}

extension Optional: Primitive where Wrapped: View {
    package func draw(_ drawing: Drawing) -> [Node] {
        map { view in drawing.at("some") { drawing.draw(view) } } ?? []
    }
}

public struct Group<Content> {
    let content: Content
}

extension Group: View where Content: View {
    public var body: Never { fatalError("a group has no body") }
    nonisolated public init(@ViewBuilder content: () -> Content) { self.content = content() }
}

extension Group: Primitive where Content: View {
    package func draw(_ drawing: Drawing) -> [Node] { drawing.draw(content) }
}

public struct ForEach<Data: RandomAccessCollection, ID: Hashable, Content> {
    public var data: Data
    public var content: (Data.Element) -> Content
    let id: (Data.Element) -> ID
}

extension ForEach: View where Content: View {
    public var body: Never { fatalError("ForEach has no body") }

    nonisolated public init(_ data: Data, @ViewBuilder content: @escaping (Data.Element) -> Content)
    where Data.Element: Identifiable, ID == Data.Element.ID {
        self.init(data: data, content: content, id: \.id)
    }

    nonisolated public init(
        _ data: Data, id: KeyPath<Data.Element, ID>, @ViewBuilder content: @escaping (Data.Element) -> Content
    ) {
        self.init(data: data, content: content, id: { $0[keyPath: id] })
    }
}

extension ForEach: Primitive where Content: View {
    package func draw(_ drawing: Drawing) -> [Node] {
        var seen: Set<ID> = []
        return data.flatMap { element in
            let id = id(element)
            // SwiftUI would draw one of them twice and the other not at all.
            precondition(seen.insert(id).inserted, "ForEach: two elements have the id \(id)")
            return drawing.at("\(id)") { drawing.draw(content(element)) }
        }
    }
}

// MARK: modifiers

@MainActor @preconcurrency
public protocol ViewModifier {
    associatedtype Body: View
    typealias Content = _ViewModifier_Content<Self>
    @ViewBuilder @MainActor @preconcurrency func body(content: Content) -> Body
}

public struct _ViewModifier_Content<Modifier: ViewModifier>: Primitive {
    let view: any View
    package func draw(_ drawing: Drawing) -> [Node] { drawing.draw(view) }
}

public struct ModifiedContent<Content, Modifier> {
    public var content: Content
    public var modifier: Modifier
}

extension ModifiedContent: View where Content: View, Modifier: ViewModifier {
    public var body: Never { fatalError("modified content has no body") }
}

extension ModifiedContent: Primitive where Content: View, Modifier: ViewModifier {
    package func draw(_ drawing: Drawing) -> [Node] {
        drawing.at("\(Modifier.self)") {
            drawing.bind(modifier)
            return drawing.draw(modifier.body(content: .init(view: content)))
        }
    }
}

extension View {
    nonisolated public func modifier<T>(_ modifier: T) -> ModifiedContent<Self, T> {
        ModifiedContent(content: self, modifier: modifier)
    }
}

/// What each modifier of Apple's becomes here: the drawing of what it modifies, changed.
public struct _Changed<Base: View>: Primitive {
    let base: Base
    let change: @MainActor (Base, Drawing) -> [Node]
    package func draw(_ drawing: Drawing) -> [Node] { change(base, drawing) }
}

extension View {
    nonisolated func changed(_ change: @escaping @MainActor (Self, Drawing) -> [Node]) -> _Changed<Self> {
        _Changed(base: self, change: change)
    }

    /// Changes each node that the view becomes.
    nonisolated func eachNode(_ change: @escaping @MainActor (Node) -> Void) -> _Changed<Self> {
        changed { base, drawing in
            let nodes = drawing.draw(base)
            nodes.forEach(change)
            return nodes
        }
    }

    nonisolated func styled(_ property: String, _ value: String?) -> _Changed<Self> {
        eachNode { node in
            if let value { node.style(property, value) }
        }
    }

    /// Puts a box around each node.
    nonisolated func boxed(_ change: @escaping @MainActor (Node) -> Void) -> _Changed<Self> {
        changed { base, drawing in
            drawing.draw(base).map { node in
                let box = Node(.box, [node])
                change(box)
                return box
            }
        }
    }

    /// Draws it in a changed environment.
    nonisolated func setting(_ change: @escaping @MainActor (inout EnvironmentValues) -> Void) -> _Changed<Self> {
        changed { base, drawing in drawing.with(change) { drawing.draw(base) } }
    }
}
