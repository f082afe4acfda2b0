import Foundation
import SwiftUI

/// One stop of VoiceOver.
@MainActor public struct Stop: @preconcurrency CustomStringConvertible {
    public let label: String
    public let value: String?
    public let hint: String?
    public let isHeader: Bool
    public let isSelected: Bool
    public let isEnabled: Bool
    let node: Node

    /// Where VoiceOver stops in what is drawn, in order. What is combined, and each control, is one stop.
    static func all(in node: Node) -> [Stop] {
        if node.isHidden { return [] }
        let isOne =
            node.kind == .control || node.kind == .text || node.kind == .drawing || node.grouping == .combine
            || (node.grouping == .ignore && node.label != nil)
        if isOne { return [Stop(node)] }
        return (node.kind == .section ? node.header + node.children + node.footer : node.children).flatMap(all)
    }

    private init(_ node: Node) {
        label = node.spoken
        value = node.value
        hint = node.hint
        isHeader = node.traits.contains(.isHeader)
        isSelected = node.traits.contains(.isSelected)
        isEnabled = node.isEnabled
        self.node = node
    }

    var canBeTouched: Bool { node.activate != nil || node.setText != nil }

    public var description: String {
        let role =
            switch node.role {
            case .button: "button "
            case .textField: "field "
            case .image: "image "
            case .progress: "progress "
            case .staticText, nil: isHeader ? "heading " : ""
            }
        var line = "\(role)“\(label)”"
        if let value, !value.isEmpty { line += " = “\(value)”" }
        if let hint { line += " (\(hint))" }
        if isSelected { line += ", selected" }
        if !isEnabled { line += ", disabled" }
        return line
    }
}
