// What puts views beside, below and above each other.
import Foundation

public struct VStack<Content: View>: Primitive {
    let alignment: HorizontalAlignment
    let spacing: CGFloat?
    let content: Content

    nonisolated public init(
        alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> Content
    ) {
        self.alignment = alignment
        self.spacing = spacing
        self.content = content()
    }

    package func draw(_ drawing: Drawing) -> [Node] {
        let node = Node(.vstack, drawing.draw(content))
        node.style("align-items", alignment.css)
        node.style("gap", "\(spacing ?? 8)px")
        return [node]
    }
}

public struct HStack<Content: View>: Primitive {
    let alignment: VerticalAlignment
    let spacing: CGFloat?
    let content: Content

    nonisolated public init(
        alignment: VerticalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> Content
    ) {
        self.alignment = alignment
        self.spacing = spacing
        self.content = content()
    }

    package func draw(_ drawing: Drawing) -> [Node] {
        let node = Node(.hstack, drawing.draw(content))
        node.style("align-items", alignment.css)
        node.style("gap", "\(spacing ?? 8)px")
        if node.children.contains(where: { $0.kind == .spacer }) {
            (node.fillsWidth, node.fillsHeight) = (true, false)
        }
        return [node]
    }
}

public struct ZStack<Content: View>: Primitive {
    let alignment: Alignment
    let content: Content

    nonisolated public init(alignment: Alignment = .center, @ViewBuilder content: () -> Content) {
        self.alignment = alignment
        self.content = content()
    }

    package func draw(_ drawing: Drawing) -> [Node] {
        let node = Node(.zstack, drawing.draw(content))
        node.style("justify-items", alignment.horizontal.css)
        node.style("align-items", alignment.vertical.css)
        return [node]
    }
}

public struct Spacer: Primitive {
    nonisolated public init(minLength: CGFloat? = nil) {}
    package func draw(_ drawing: Drawing) -> [Node] {
        let node = Node(.spacer)
        node.isHidden = true
        node.fillsHeight = true
        return [node]
    }
}

public struct Divider: Primitive {
    nonisolated public init() {}
    package func draw(_ drawing: Drawing) -> [Node] {
        let node = Node(.divider)
        node.isHidden = true
        return [node]
    }
}

public struct ScrollView<Content: View>: Primitive {
    public var content: Content

    nonisolated public init(_ axes: Axis.Set = .vertical, @ViewBuilder content: () -> Content) {
        self.content = content()
    }

    package func draw(_ drawing: Drawing) -> [Node] { [Node(.scroll, drawing.draw(content))] }
}

public struct Section<Parent, Content, Footer> {
    let header: Parent
    let content: Content
    let footer: Footer
}

extension Section: View where Parent: View, Content: View, Footer: View {
    public var body: Never { fatalError("a section has no body") }
}

extension Section: Primitive where Parent: View, Content: View, Footer: View {
    package func draw(_ drawing: Drawing) -> [Node] {
        let node = Node(.section, drawing.at("rows") { drawing.draw(content) })
        node.header = drawing.at("header") { drawing.draw(header) }
        node.header.forEach { $0.traits.insert(.isHeader) }
        node.footer = drawing.at("footer") { drawing.draw(footer) }
        return [node]
    }
}

extension Section where Parent: View, Content: View, Footer == EmptyView {
    nonisolated public init(@ViewBuilder content: () -> Content, @ViewBuilder header: () -> Parent) {
        self.init(header: header(), content: content(), footer: EmptyView())
    }
}

extension Section where Parent == EmptyView, Content: View, Footer == EmptyView {
    nonisolated public init(@ViewBuilder content: () -> Content) {
        self.init(header: EmptyView(), content: content(), footer: EmptyView())
    }
}

public struct List<SelectionValue: Hashable, Content: View>: Primitive {
    let content: Content

    package func draw(_ drawing: Drawing) -> [Node] {
        var sections: [Node] = []
        var isOpen = false
        for node in drawing.draw(content) {
            if node.kind == .section {
                sections.append(node)
                isOpen = false
            } else if isOpen {
                sections.last?.children.append(node)
            } else {
                sections.append(Node(.section, [node]))
                isOpen = true
            }
        }
        return [Node(.list, sections)]
    }
}

extension List where SelectionValue == Never {
    nonisolated public init(@ViewBuilder content: () -> Content) { self.content = content() }
}

public protocol ListStyle {}
public struct InsetGroupedListStyle: ListStyle {}
extension ListStyle where Self == InsetGroupedListStyle {
    public static var insetGrouped: Self { .init() }
}
