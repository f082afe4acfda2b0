// Shapes, and lines that a view draws by itself.
import Foundation

/// Lines and curves, as the `d` of SVG's `path`.
public struct Path: Equatable, Sendable {
    var svg = ""

    public init() {}
    public init(_ callback: (inout Path) -> Void) {
        self.init()
        callback(&self)
    }

    public mutating func move(to end: CGPoint) { svg += "M\(end.x) \(end.y)" }
    public mutating func addLine(to end: CGPoint) { svg += "L\(end.x) \(end.y)" }
    public mutating func addQuadCurve(to end: CGPoint, control: CGPoint) {
        svg += "Q\(control.x) \(control.y) \(end.x) \(end.y)"
    }
    public mutating func addCurve(to end: CGPoint, control1: CGPoint, control2: CGPoint) {
        svg += "C\(control1.x) \(control1.y) \(control2.x) \(control2.y) \(end.x) \(end.y)"
    }
    public mutating func addEllipse(in rect: CGRect) {
        let (x, y) = (rect.width / 2, rect.height / 2)
        svg += "M\(rect.minX) \(rect.midY)a\(x) \(y) 0 1 0 \(rect.width) 0a\(x) \(y) 0 1 0 \(-rect.width) 0"
    }
}

@MainActor @preconcurrency
public protocol Shape: Sendable, View {
    nonisolated func path(in rect: CGRect) -> Path
}

extension Shape {
    public var body: some View { fill() }

    nonisolated public func fill<S: ShapeStyle>(_ content: S = Color.primary) -> some View {
        Drawn(path: path(in: Drawn.canvas), fill: content.css, stroke: nil, width: 0, radius: radius)
    }

    nonisolated public func stroke<S: ShapeStyle>(_ content: S, lineWidth: CGFloat = 1) -> some View {
        Drawn(path: path(in: Drawn.canvas), fill: nil, stroke: content.css, width: lineWidth, radius: radius)
    }

    nonisolated package var radius: String? { (self as? any Rounded)?.cornerRadius }
}

/// What a browser draws as a box with round corners, so that it takes any size.
package protocol Rounded {
    var cornerRadius: String { get }
}

/// A shape with its color. It is drawn on a canvas of a fixed size, and stretched to the one that it is given; the
/// width of a line stays.
struct Drawn: Primitive {
    nonisolated static let canvas = CGRect(x: 0, y: 0, width: 100, height: 100)

    let path: Path
    let fill: String?
    let stroke: String?
    let width: CGFloat
    let radius: String?

    func draw(_ drawing: Drawing) -> [Node] {
        if let radius {
            let node = Node.filled(fill ?? "transparent", radius: radius)
            if let stroke { node.style("border", "\(width)px solid \(stroke)") }
            return [node]
        }
        let node = Node(.drawing)
        let line = stroke.map {
            "stroke=\"\($0)\" stroke-width=\"\(width)\" stroke-linecap=\"round\" vector-effect=\"non-scaling-stroke\""
        }
        node.svg = """
            <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">\
            <path d="\(path.svg)" fill="\(fill ?? "none")" \(line ?? "")/></svg>
            """
        node.isHidden = true
        (node.fillsWidth, node.fillsHeight) = (true, true)
        return [node]
    }
}

extension Node {
    static func filled(_ css: String, radius: String) -> Node {
        let node = Node(.box)
        node.style("background", css)
        node.style("border-radius", radius)
        (node.fillsWidth, node.fillsHeight) = (true, true)
        node.isHidden = true
        return node
    }
}

public struct RoundedRectangle: Shape, Rounded {
    package let cornerRadius: String
    nonisolated public init(cornerRadius: CGFloat, style: RoundedCornerStyle = .continuous) {
        self.cornerRadius = "\(cornerRadius)px"
    }
    nonisolated public func path(in rect: CGRect) -> Path { Path() }
}

public enum RoundedCornerStyle: Sendable { case circular, continuous }

public struct Circle: Shape, Rounded {
    package var cornerRadius: String { "50%" }
    nonisolated public init() {}
    nonisolated public func path(in rect: CGRect) -> Path { Path() }
}

public struct Capsule: Shape, Rounded {
    package var cornerRadius: String { "999px" }
    nonisolated public init(style: RoundedCornerStyle = .continuous) {}
    nonisolated public func path(in rect: CGRect) -> Path { Path() }
}

extension Shape where Self == Circle {
    public static var circle: Circle { .init() }
}

extension Shape where Self == Capsule {
    public static var capsule: Capsule { .init() }
}

extension Shape where Self == RoundedRectangle {
    public static func rect(cornerRadius: CGFloat, style: RoundedCornerStyle = .continuous) -> RoundedRectangle {
        RoundedRectangle(cornerRadius: cornerRadius)
    }
}
