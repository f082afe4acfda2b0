// Fonts, colors, and the small values that modifiers take.
import Foundation

public struct Font: Hashable, Sendable {
    public enum TextStyle: String, CaseIterable, Sendable {
        case largeTitle, title, title2, title3, headline, subheadline, body, callout, footnote, caption

        /// Points at each of the system's text sizes, xSmall to accessibility5 (Human Interface Guidelines,
        /// Typography, "Dynamic Type sizes").
        private var sizes: [Int] {
            switch self {
            case .largeTitle: [31, 32, 33, 34, 36, 38, 40, 44, 48, 52, 56, 60]
            case .title: [25, 26, 27, 28, 30, 32, 34, 38, 43, 48, 53, 58]
            case .title2: [19, 20, 21, 22, 24, 26, 28, 34, 39, 44, 50, 56]
            case .title3: [17, 18, 19, 20, 22, 24, 26, 31, 37, 43, 49, 55]
            case .headline, .body: [14, 15, 16, 17, 19, 21, 23, 28, 33, 40, 47, 53]
            case .callout: [13, 14, 15, 16, 18, 20, 22, 26, 32, 38, 44, 51]
            case .subheadline: [12, 13, 14, 15, 17, 19, 21, 25, 30, 36, 42, 49]
            case .footnote: [12, 12, 12, 13, 15, 17, 19, 23, 27, 33, 38, 44]
            case .caption: [11, 11, 11, 12, 14, 16, 18, 22, 26, 32, 37, 43]
            }
        }

        package func points(_ size: DynamicTypeSize) -> Int { sizes[size.rawValue] }
    }

    public struct Weight: Hashable, Sendable {
        let number: Int
        public static let regular = Weight(number: 400)
        public static let medium = Weight(number: 500)
        public static let semibold = Weight(number: 600)
        public static let bold = Weight(number: 700)
    }

    public enum Design: Hashable, Sendable { case `default`, serif, rounded, monospaced }

    var styles: [String: String]

    init(_ style: TextStyle) {
        styles = ["font-size": "var(--\(style.rawValue))"]
        if style == .headline { styles["font-weight"] = "600" }
    }

    public static let largeTitle = Font(.largeTitle)
    public static let title = Font(.title)
    public static let title2 = Font(.title2)
    public static let title3 = Font(.title3)
    public static let headline = Font(.headline)
    public static let subheadline = Font(.subheadline)
    public static let body = Font(.body)
    public static let callout = Font(.callout)
    public static let footnote = Font(.footnote)
    public static let caption = Font(.caption)

    public func weight(_ weight: Weight) -> Font {
        var font = self
        font.styles["font-weight"] = "\(weight.number)"
        return font
    }
}

// MARK: colors

public protocol ShapeStyle: Sendable {}

package protocol Paint {
    var css: String { get }
}

extension ShapeStyle {
    package var css: String { (self as? any Paint)?.css ?? "inherit" }
}

public struct Color: ShapeStyle, Paint, Hashable {
    package let css: String

    nonisolated init(css: String) { self.css = css }

    /// A color set of the asset catalog; magenta where there is none of that name.
    nonisolated public init(_ name: String, bundle: Bundle? = nil) { css = "var(--asset-\(name), magenta)" }

    nonisolated public func opacity(_ opacity: Double) -> Color {
        Color(css: "color-mix(in srgb, \(css) \(Int(opacity * 100))%, transparent)")
    }

    public static let primary = Color(css: "var(--label)")
    public static let secondary = Color(css: "var(--label2)")
    public static let accentColor = Color(css: "var(--tint)")
    public static let clear = Color(css: "transparent")
    public static let black = Color(css: "#000")
    public static let white = Color(css: "#fff")
}

extension Color: Primitive {
    package func draw(_ drawing: Drawing) -> [Node] { [.filled(css, radius: "0")] }
}

public struct HierarchicalShapeStyle: ShapeStyle, Paint {
    package let css: String
}

extension ShapeStyle where Self == HierarchicalShapeStyle {
    public static var primary: HierarchicalShapeStyle { .init(css: "var(--label)") }
    public static var secondary: HierarchicalShapeStyle { .init(css: "var(--label2)") }
}

public struct TintShapeStyle: ShapeStyle, Paint {
    package var css: String { "var(--tint)" }
    public init() {}
}

extension ShapeStyle where Self == TintShapeStyle {
    public static var tint: TintShapeStyle { .init() }
}

public struct Material: ShapeStyle, Paint {
    package var css: String { "var(--material)" }
}

extension ShapeStyle where Self == Material {
    public static var bar: Material { .init() }
}

// MARK: alignment

public struct HorizontalAlignment: Equatable, Sendable {
    let css: String
    public static let leading = Self(css: "flex-start")
    public static let center = Self(css: "center")
    public static let trailing = Self(css: "flex-end")
}

public struct VerticalAlignment: Equatable, Sendable {
    let css: String
    public static let top = Self(css: "flex-start")
    public static let center = Self(css: "center")
    public static let bottom = Self(css: "flex-end")
    public static let firstTextBaseline = Self(css: "first baseline")
}

public struct Alignment: Equatable, Sendable {
    public var horizontal: HorizontalAlignment
    public var vertical: VerticalAlignment

    public init(horizontal: HorizontalAlignment, vertical: VerticalAlignment) {
        self.horizontal = horizontal
        self.vertical = vertical
    }

    public static let center = Self(horizontal: .center, vertical: .center)
    public static let leading = Self(horizontal: .leading, vertical: .center)
    public static let trailing = Self(horizontal: .trailing, vertical: .center)
    public static let top = Self(horizontal: .center, vertical: .top)
    public static let topLeading = Self(horizontal: .leading, vertical: .top)
    public static let topTrailing = Self(horizontal: .trailing, vertical: .top)
}

public enum TextAlignment: Hashable, CaseIterable, Sendable { case leading, center, trailing }

public enum Axis: Int8, CaseIterable, Sendable {
    case horizontal, vertical

    public struct Set: OptionSet, Sendable {
        public let rawValue: Int8
        public init(rawValue: Int8) { self.rawValue = rawValue }
        public static let horizontal = Set(rawValue: 1)
        public static let vertical = Set(rawValue: 2)
    }
}

public enum Edge: Int8, CaseIterable, Sendable {
    case top, leading, bottom, trailing

    public struct Set: OptionSet, Sendable {
        public let rawValue: Int8
        public init(rawValue: Int8) { self.rawValue = rawValue }
        public static let top = Set(rawValue: 1)
        public static let leading = Set(rawValue: 2)
        public static let bottom = Set(rawValue: 4)
        public static let trailing = Set(rawValue: 8)
        public static let all = Set(rawValue: 15)
        public static let horizontal = Set(rawValue: 10)
        public static let vertical = Set(rawValue: 5)
    }
}

public enum VerticalEdge: Int8, CaseIterable, Sendable { case top, bottom }
public enum Visibility: Hashable, CaseIterable, Sendable { case automatic, visible, hidden }
public enum ControlSize: CaseIterable, Sendable { case mini, small, regular, large }

public struct ButtonRole: Equatable, Sendable {
    let name: String
    public static let destructive = Self(name: "destructive")
    public static let cancel = Self(name: "cancel")
}

public struct TextInputAutocapitalization: Sendable {
    public static var never: Self { .init() }
    public static var sentences: Self { .init() }
}

public struct PresentationDetent: Hashable, Sendable {
    let name: String
    public static let medium = Self(name: "medium")
    public static let large = Self(name: "large")
}
