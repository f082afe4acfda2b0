// Nodes as HTML: a browser does the layout, with iOS's sizes and shapes.
import Foundation

extension Node {
    package func markup() -> String {
        "<div class=\"\(allClasses)\"\(said)\(inline)>\(inside)</div>"
    }

    private var allClasses: String {
        var all = ["n", kind.rawValue] + classes
        if fillsWidth { all.append("fw") }
        if fillsHeight { all.append("fh") }
        if !isEnabled { all.append("disabled") }
        return all.joined(separator: " ")
    }

    private var inline: String {
        guard !styles.isEmpty else { return "" }
        let rules = styles.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
        return " style=\"\(escaped(rules.joined(separator: ";")))\""
    }

    /// What a browser tells assistive technology, so that axe can judge it.
    private var said: String {
        if isHidden { return " aria-hidden=\"true\" inert" }
        var said = ""
        func say(_ name: String, _ value: String) { said += " \(name)=\"\(escaped(value))\"" }
        switch role {
        case .button:
            say("role", "button")
            say("tabindex", "0")
            if traits.contains(.isSelected) { say("aria-pressed", "true") }
        case .textField:
            say("role", "textbox")
            say("tabindex", "0")
        case .image: say("role", "img")
        case .progress: say("role", "status")
        case .staticText, nil:
            if traits.contains(.isHeader) {
                say("role", "heading")
                say("aria-level", "2")
            } else if label != nil {
                say("role", "group")
            }
        }
        if !isEnabled { say("aria-disabled", "true") }
        if let label, !label.isEmpty, role != .staticText || traits.contains(.isHeader) { say("aria-label", label) }
        return said
    }

    private var inside: String {
        switch kind {
        case .text: return escaped(text ?? "")
        case .list: return children.map { $0.sectionMarkup() }.joined()
        case .control where role == .textField:
            let isEmpty = value?.isEmpty ?? true
            let words = isEmpty ? placeholder ?? "" : value ?? ""
            return "<span class=\"\(isEmpty ? "placeholder" : "typed")\">\(escaped(words))</span>"
        default: return (svg ?? "") + children.map { $0.markup() }.joined()
        }
    }

    private func sectionMarkup() -> String {
        func part(_ name: String, _ nodes: [Node]) -> String {
            nodes.isEmpty ? "" : "<div class=\"\(name)\">\(nodes.map { $0.markup() }.joined())</div>"
        }
        let rows = children.map { row in
            let color = row.rowBackground.map { " style=\"background:\($0)\"" } ?? ""
            let leads = row.classes.contains("link")
            let sign = leads ? "<span class=\"leads\">\(Symbols.svg("chevron.forward"))</span>" : ""
            return "<div class=\"row\"\(color)>\(row.markup())\(sign)</div>"
        }
        let card = rows.isEmpty ? "" : "<div class=\"card\">\(rows.joined())</div>"
        return "<div class=\"sectionOf\">\(part("sectionHead", header))\(card)\(part("sectionFoot", footer))</div>"
    }
}

package func escaped(_ words: String) -> String {
    words.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
        .replacingOccurrences(of: "\"", with: "&quot;")
}

/// The color sets of an asset catalog, as CSS variables for one appearance.
package func assetColors(_ catalog: String, _ scheme: ColorScheme) throws -> String {
    struct ColorSet: Decodable {
        struct Entry: Decodable {
            let appearances: [[String: String]]?
            let color: Components
        }
        struct Components: Decodable { let components: [String: String] }
        let colors: [Entry]
    }
    let folders = try FileManager.default.contentsOfDirectory(atPath: catalog).filter { $0.hasSuffix(".colorset") }
    return try folders.sorted().map { folder in
        let file = URL(fileURLWithPath: "\(catalog)/\(folder)/Contents.json")
        let set = try JSONDecoder().decode(ColorSet.self, from: Data(contentsOf: file))
        let dark = set.colors.first { $0.appearances?.contains { $0["value"] == "dark" } ?? false }
        let plain = set.colors.first { $0.appearances == nil }
        let parts = ((scheme == .dark ? dark : nil) ?? plain)?.color.components ?? [:]
        let numbers = ["red", "green", "blue"].map { name -> String in
            let part = parts[name] ?? "0"
            return String(part.hasPrefix("0x") ? Int(part.dropFirst(2), radix: 16) ?? 0 : Int(part) ?? 0)
        }
        return "--asset-\(folder.dropLast(".colorset".count)):rgb(\(numbers.joined(separator: ",")))"
    }.joined(separator: ";")
}

/// A whole screen of a phone, 390 points wide. It is as tall as what is on it, so that nothing of it is out of sight.
@MainActor package func page(
    _ nodes: [Node], above: [Node], _ environment: EnvironmentValues, assets: String
) -> String {
    let size = environment.dynamicTypeSize
    let sizes = Font.TextStyle.allCases.map { "--\($0.rawValue):\($0.points(size))px" }.joined(separator: ";")
    let language = environment.locale.language.languageCode?.identifier ?? "en"
    let direction = environment.layoutDirection == .rightToLeft ? "rtl" : "ltr"
    let sheets = above.map { "<div class=\"above\" role=\"dialog\" aria-label=\"sheet\">\($0.markup())</div>" }
    let covered = above.isEmpty ? "" : " aria-hidden=\"true\""
    let look = "\(environment.colorScheme)\(above.isEmpty ? "" : " covered")"
    return """
        <!doctype html><html lang="\(language)" dir="\(direction)"><meta charset="utf-8"><title>screen</title>
        <style>:root{\(sizes);\(assets)}\(stylesheet)</style>
        <body class="\(look)"><main class="phone"><div class="clock" aria-hidden="true">9:41</div>
        <div class="content"\(covered)>\(nodes.map { $0.markup() }.joined())</div>\(sheets.joined())</main></body></html>
        """
}
