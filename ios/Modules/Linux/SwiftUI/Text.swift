// Words, and the catalog that has them in other languages.
import Foundation

/// A key as Xcode extracts it: what is interpolated is `%@`, `%lld` or `%lf`.
public struct LocalizedStringKey: Equatable, Sendable, ExpressibleByStringInterpolation {
    package enum Argument: Equatable, Sendable {
        case string(String)
        case integer(Int)
        case text(Text)
    }

    package let key: String
    package let arguments: [Argument]

    public init(_ value: String) {
        key = value
        arguments = []
    }

    public init(stringLiteral value: String) { self.init(value) }

    public init(stringInterpolation: StringInterpolation) {
        key = stringInterpolation.key
        arguments = stringInterpolation.arguments
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        var key = ""
        var arguments: [Argument] = []

        public init(literalCapacity: Int, interpolationCount: Int) {}
        public mutating func appendLiteral(_ literal: String) {
            key += literal.replacingOccurrences(of: "%", with: "%%")
        }
        public mutating func appendInterpolation(_ string: String) { add("%@", .string(string)) }
        public mutating func appendInterpolation(_ value: Int) { add("%lld", .integer(value)) }
        public mutating func appendInterpolation(_ text: Text) { add("%@", .text(text)) }

        private mutating func add(_ sign: String, _ argument: Argument) {
            key += sign
            arguments.append(argument)
        }
    }

    @MainActor func resolved(_ drawing: Drawing) -> String {
        let count = arguments.compactMap { argument -> Int? in
            if case .integer(let number) = argument { number } else { nil }
        }.first
        return filled(drawing.localized(key, count), drawing)
    }

    /// The words with what is interpolated in its place; `%2$@` takes the second, whatever comes before it.
    @MainActor private func filled(_ words: String, _ drawing: Drawing) -> String {
        var filled = ""
        var rest = Substring(words)
        var next = 0
        while let sign = rest.firstIndex(of: "%") {
            filled += rest[..<sign]
            rest = rest[rest.index(after: sign)...]
            if rest.hasPrefix("%") {
                filled += "%"
                rest = rest.dropFirst()
                continue
            }
            var index = next
            if let dollar = rest.firstIndex(of: "$"), let number = Int(rest[..<dollar]) {
                index = number - 1
                rest = rest[rest.index(after: dollar)...]
            } else {
                next += 1
            }
            for kind in ["lld", "lf", "@"] where rest.hasPrefix(kind) {
                rest = rest.dropFirst(kind.count)
                break
            }
            guard arguments.indices.contains(index) else {
                fatalError("“\(words)” asks for more than “\(key)” has")
            }
            switch arguments[index] {
            case .string(let string): filled += string
            case .integer(let number): filled += number.formatted(.number.locale(drawing.environment.locale))
            case .text(let text): filled += text.resolved(drawing)
            }
        }
        return filled + rest
    }
}

public struct Text: Equatable, Sendable {
    enum Content: Equatable, Sendable {
        case key(LocalizedStringKey)
        case verbatim(String)
        case formatted(Formatted)
    }

    /// A value in a format, which takes the locale of where it is drawn.
    struct Formatted: Equatable, Sendable {
        let plain: String
        let inLocale: @Sendable (Locale) -> String
        static func == (one: Formatted, other: Formatted) -> Bool { one.plain == other.plain }
    }

    let content: Content
    var styles: [String: String] = [:]

    nonisolated public init(
        _ key: LocalizedStringKey, tableName: String? = nil, bundle: Bundle? = nil, comment: StaticString? = nil
    ) {
        content = .key(key)
    }
    nonisolated public init(verbatim content: String) { self.content = .verbatim(content) }
    @_disfavoredOverload
    nonisolated public init<S: StringProtocol>(_ content: S) { self.content = .verbatim(String(content)) }

    nonisolated public init<F: FormatStyle>(_ input: F.FormatInput, format: F)
    where F.FormatInput: Equatable, F.FormatOutput == String {
        content = .formatted(Formatted(plain: format.format(input)) { locale in format.locale(locale).format(input) })
    }

    nonisolated public func font(_ font: Font?) -> Text {
        var text = self
        for (property, value) in font?.styles ?? [:] where styles[property] == nil { text.styles[property] = value }
        return text
    }

    nonisolated public func fontWeight(_ weight: Font.Weight?) -> Text {
        var text = self
        text.styles["font-weight"] = weight.map { "\($0.number)" }
        return text
    }

    @MainActor func resolved(_ drawing: Drawing) -> String {
        switch content {
        case .key(let key): key.resolved(drawing)
        case .verbatim(let string): string
        case .formatted(let formatted): formatted.inLocale(drawing.environment.locale)
        }
    }
}

extension Text: Primitive {
    package func draw(_ drawing: Drawing) -> [Node] {
        let node = Node(.text)
        node.text = resolved(drawing)
        node.role = .staticText
        node.styles = styles
        return [node]
    }
}

/// A string catalog (`.xcstrings`) in one language.
package struct StringCatalog: Sendable {
    private struct File: Decodable {
        let sourceLanguage: String
        let strings: [String: Entry]
    }
    private struct Entry: Decodable { let localizations: [String: Localization]? }
    private struct Localization: Decodable {
        let stringUnit: Unit?
        let variations: Variations?
    }
    private struct Variations: Decodable { let plural: [String: Localization]? }
    private struct Unit: Decodable { let value: String }

    package struct Words: Equatable, Sendable {
        let one: String?
        let other: String
    }

    package let words: [String: Words]

    package init(_ file: String, _ language: String) throws {
        let read = try JSONDecoder().decode(File.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
        let isSource = read.sourceLanguage == language
        words = read.strings.reduce(into: [:]) { words, entry in
            let found = entry.value.localizations?[language]
            let plural = found?.variations?.plural
            if let other = found?.stringUnit?.value ?? plural?["other"]?.stringUnit?.value {
                words[entry.key] = Words(one: plural?["one"]?.stringUnit?.value, other: other)
            } else if isSource {
                // The key speaks for itself.
                words[entry.key] = Words(one: nil, other: entry.key)
            }
        }
    }
}

extension Drawing {
    /// The words of a key, for so many; the key itself where there are none.
    func localized(_ key: String, _ count: Int?) -> String {
        guard let catalog = memory.catalog else { return key }
        guard let found = catalog.words[key] else {
            memory.missingWords.insert(key)
            return key
        }
        // Enough for the languages that the app has.
        return count == 1 ? found.one ?? found.other : found.other
    }
}
