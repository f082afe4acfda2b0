// What a finger taps or writes into.
import Foundation

public struct Button<Label: View>: Primitive {
    let role: ButtonRole?
    let action: @MainActor () -> Void
    let label: Label

    package func draw(_ drawing: Drawing) -> [Node] {
        let node = Node(.control, drawing.draw(label))
        node.role = .button
        node.isEnabled = drawing.environment.isEnabled
        node.classes = ["button", drawing.environment.buttonStyle] + (role.map { [$0.name] } ?? [])
        if node.isEnabled { node.activate = action }
        return [node]
    }
}

extension Button {
    nonisolated public init(action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> Label) {
        self.init(role: nil, action: action, label: label())
    }

    nonisolated public init(
        role: ButtonRole?, action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> Label
    ) {
        self.init(role: role, action: action, label: label())
    }
}

extension Button where Label == Text {
    nonisolated public init(_ titleKey: LocalizedStringKey, action: @escaping @MainActor () -> Void) {
        self.init(role: nil, action: action, label: Text(titleKey))
    }

    nonisolated public init(
        _ titleKey: LocalizedStringKey, role: ButtonRole?, action: @escaping @MainActor () -> Void
    ) {
        self.init(role: role, action: action, label: Text(titleKey))
    }
}

extension Button where Label == SwiftUI.Label<Text, Image> {
    nonisolated public init(
        _ titleKey: LocalizedStringKey, systemImage: String, action: @escaping @MainActor () -> Void
    ) {
        self.init(role: nil, action: action, label: .init(titleKey, systemImage: systemImage))
    }
}

public protocol PrimitiveButtonStyle {
    static var css: String { get }
}
public struct PlainButtonStyle: PrimitiveButtonStyle { public static var css: String { "plain" } }
public struct BorderedButtonStyle: PrimitiveButtonStyle { public static var css: String { "bordered" } }
public struct BorderedProminentButtonStyle: PrimitiveButtonStyle { public static var css: String { "prominent" } }
extension PrimitiveButtonStyle where Self == PlainButtonStyle {
    public static var plain: Self { .init() }
}
extension PrimitiveButtonStyle where Self == BorderedButtonStyle {
    public static var bordered: Self { .init() }
}
extension PrimitiveButtonStyle where Self == BorderedProminentButtonStyle {
    public static var borderedProminent: Self { .init() }
}

extension View {
    nonisolated public func buttonStyle<S: PrimitiveButtonStyle>(_ style: S) -> some View {
        setting { $0.buttonStyle = S.css }
    }
    nonisolated public func controlSize(_ controlSize: ControlSize) -> some View {
        eachNode { $0.classes.append("size-\(controlSize)") }
    }
}

// MARK: images and labels

public struct Image: Equatable, Sendable {
    let symbol: String
    nonisolated public init(systemName: String) { symbol = systemName }
}

extension Image: Primitive {
    package func draw(_ drawing: Drawing) -> [Node] {
        drawing.memory.symbols.insert(symbol)
        let node = Node(.drawing)
        node.svg = Symbols.svg(symbol)
        node.classes = ["symbol"]
        node.role = .image
        // VoiceOver would spell the symbol's name.
        node.label = "‹\(symbol)›"
        return [node]
    }
}

public struct Label<Title: View, Icon: View>: Primitive {
    let title: Title
    let icon: Icon

    package func draw(_ drawing: Drawing) -> [Node] {
        let icons = drawing.at("icon") { drawing.draw(icon) }
        icons.forEach { $0.isHidden = true }
        let node = Node(.hstack, icons + drawing.at("title") { drawing.draw(title) })
        node.classes = ["label"]
        node.grouping = .combine
        node.style("gap", "8px")
        if drawing.environment.isIconOnly {
            node.label = node.spoken
            node.classes.append("iconOnly")
        }
        return [node]
    }
}

extension Label where Title == Text, Icon == Image {
    nonisolated public init(_ titleKey: LocalizedStringKey, systemImage name: String) {
        self.init(title: Text(titleKey), icon: Image(systemName: name))
    }
}

extension Label {
    nonisolated public init(@ViewBuilder title: () -> Title, @ViewBuilder icon: () -> Icon) {
        self.init(title: title(), icon: icon())
    }
}

public protocol LabelStyle {
    static var isIconOnly: Bool { get }
}
public struct IconOnlyLabelStyle: LabelStyle { public static var isIconOnly: Bool { true } }
public struct TitleAndIconLabelStyle: LabelStyle { public static var isIconOnly: Bool { false } }
extension LabelStyle where Self == IconOnlyLabelStyle {
    public static var iconOnly: IconOnlyLabelStyle { .init() }
}
extension LabelStyle where Self == TitleAndIconLabelStyle {
    public static var titleAndIcon: TitleAndIconLabelStyle { .init() }
}
extension View {
    nonisolated public func labelStyle<S: LabelStyle>(_ style: S) -> some View {
        setting { $0.isIconOnly = S.isIconOnly }
    }
}

// MARK: fields

extension Drawing {
    fileprivate func field(_ style: String, _ text: Binding<String>) -> Node {
        let node = Node(.control)
        node.role = .textField
        node.classes = [style]
        node.fillsWidth = true
        node.value = text.wrappedValue
        node.isEnabled = environment.isEnabled
        if node.isEnabled { node.setText = { text.wrappedValue = $0 } }
        return node
    }
}

public struct TextField<Label: View>: Primitive {
    let label: Label
    let text: Binding<String>
    let prompt: Text?
    let axis: Axis

    package func draw(_ drawing: Drawing) -> [Node] {
        let node = drawing.field(axis == .vertical ? "field tall" : "field", text)
        node.label = drawing.at("label") { drawing.draw(label) }.map(\.spoken).joined(separator: " ")
        node.placeholder = prompt?.resolved(drawing) ?? node.label
        return [node]
    }
}

extension TextField where Label == Text {
    nonisolated public init(_ titleKey: LocalizedStringKey, text: Binding<String>) {
        self.init(label: Text(titleKey), text: text, prompt: nil, axis: .horizontal)
    }
    nonisolated public init(_ titleKey: LocalizedStringKey, text: Binding<String>, axis: Axis) {
        self.init(label: Text(titleKey), text: text, prompt: nil, axis: axis)
    }
    nonisolated public init(_ titleKey: LocalizedStringKey, text: Binding<String>, prompt: Text?, axis: Axis) {
        self.init(label: Text(titleKey), text: text, prompt: prompt, axis: axis)
    }
}

public struct TextEditor: Primitive {
    let text: Binding<String>
    nonisolated public init(text: Binding<String>) { self.text = text }
    package func draw(_ drawing: Drawing) -> [Node] { [drawing.field("editor", text)] }
}

extension View {
    nonisolated public func textInputAutocapitalization(
        _ autocapitalization: TextInputAutocapitalization?
    ) -> some View { self }
    nonisolated public func autocorrectionDisabled(_ disable: Bool = true) -> some View { self }
    nonisolated public func onSubmit(_ action: @escaping () -> Void) -> some View {
        eachNode { $0.actions.append((name: "submit", act: action)) }
    }
    nonisolated public func focused(_ condition: FocusState<Bool>.Binding) -> some View { self }
}

// MARK: waiting

public struct ProgressView<Label: View, CurrentValueLabel: View>: Primitive {
    let label: Label

    package func draw(_ drawing: Drawing) -> [Node] {
        let spinner = Node(.box)
        spinner.classes = ["spinner"]
        spinner.isHidden = true
        let node = Node(.vstack, [spinner] + drawing.draw(label))
        node.role = .progress
        node.grouping = .combine
        node.style("align-items", "center")
        node.style("gap", "8px")
        return [node]
    }
}

extension ProgressView where CurrentValueLabel == EmptyView, Label == Text {
    nonisolated public init(_ titleKey: LocalizedStringKey) { label = Text(titleKey) }
}
