// How views look, where they stand, and what happens while they are shown.
import Foundation

extension View {
    // MARK: words

    nonisolated public func font(_ font: Font?) -> some View {
        eachNode { node in font?.styles.forEach { node.style($0, $1) } }
    }
    nonisolated public func fontWeight(_ weight: Font.Weight?) -> some View {
        styled("font-weight", weight.map { "\($0.number)" })
    }
    nonisolated public func lineLimit(_ number: Int?) -> some View {
        eachNode { node in
            guard let number else { return }
            node.style("-webkit-line-clamp", "\(number)")
            node.classes.append("clamp")
        }
    }
    nonisolated public func multilineTextAlignment(_ alignment: TextAlignment) -> some View {
        styled("text-align", alignment == .center ? "center" : alignment == .trailing ? "end" : "start")
    }

    // MARK: color

    nonisolated public func foregroundStyle<S: ShapeStyle>(_ style: S) -> some View { styled("color", style.css) }
    nonisolated public func tint(_ tint: Color?) -> some View { styled("--tint", tint?.css) }
    nonisolated public func background<S: ShapeStyle>(_ style: S) -> some View {
        boxed { $0.style("background", style.css) }
    }
    nonisolated public func background<S: ShapeStyle, T: Shape>(_ style: S, in shape: T) -> some View {
        let radius = shape.radius ?? "0"
        return boxed { box in
            box.style("background", style.css)
            box.style("border-radius", radius)
        }
    }
    nonisolated public func overlay<V: View>(
        alignment: Alignment = .center, @ViewBuilder content: () -> V
    ) -> some View {
        let above = content()
        return changed { base, drawing in
            let node = Node(.zstack, drawing.draw(base) + drawing.at("overlay") { drawing.draw(above) })
            node.style("justify-items", alignment.horizontal.css)
            node.style("align-items", alignment.vertical.css)
            return [node]
        }
    }
    nonisolated public func scrollContentBackground(_ visibility: Visibility) -> some View {
        styled("background", visibility == .hidden ? "transparent" : nil)
    }
    nonisolated public func listRowBackground<V: View>(_ view: V?) -> some View {
        let css = (view as? Color)?.css
        return eachNode { $0.rowBackground = css }
    }

    // MARK: place

    nonisolated public func padding(_ edges: Edge.Set = .all, _ length: CGFloat? = nil) -> some View {
        let names: [(Edge.Set, String)] = [
            (.top, "top"), (.bottom, "bottom"), (.leading, "inline-start"), (.trailing, "inline-end"),
        ]
        return boxed { box in
            for (edge, name) in names where edges.contains(edge) {
                box.style("padding-\(name)", "\(length ?? 16)px")
            }
        }
    }
    nonisolated public func padding(_ length: CGFloat) -> some View { padding(.all, length) }

    nonisolated public func frame(
        width: CGFloat? = nil, height: CGFloat? = nil, alignment: Alignment = .center
    ) -> some View {
        boxed { box in
            if let width {
                box.style("width", "\(width)px")
                box.style("flex", "none")
                box.fillsWidth = false
            }
            if let height {
                box.style("height", "\(height)px")
                box.fillsHeight = false
            }
            box.align(alignment)
        }
    }

    nonisolated public func frame(
        minWidth: CGFloat? = nil, idealWidth: CGFloat? = nil, maxWidth: CGFloat? = nil,
        minHeight: CGFloat? = nil, idealHeight: CGFloat? = nil, maxHeight: CGFloat? = nil,
        alignment: Alignment = .center
    ) -> some View {
        boxed { box in
            if let minWidth { box.style("min-width", "\(minWidth)px") }
            if let minHeight { box.style("min-height", "\(minHeight)px") }
            if let maxWidth, maxWidth.isFinite { box.style("max-width", "\(maxWidth)px") }
            if maxWidth == .infinity { box.fillsWidth = true }
            if let maxHeight, maxHeight.isFinite { box.style("max-height", "\(maxHeight)px") }
            if maxHeight == .infinity { box.fillsHeight = true }
            box.align(alignment)
        }
    }

    nonisolated public func fixedSize(horizontal: Bool, vertical: Bool) -> some View {
        eachNode { node in
            if horizontal { node.style("white-space", "nowrap") }
        }
    }

    nonisolated public func safeAreaInset<V: View>(
        edge: VerticalEdge, alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil,
        @ViewBuilder content: () -> V
    ) -> some View {
        let inset = content()
        return changed { base, drawing in
            let page = drawing.draw(base)
            let bar = Node(.vstack, drawing.at("inset") { drawing.draw(inset) })
            bar.classes = ["inset"]
            bar.fillsWidth = true
            bar.style("align-items", alignment.css)
            let node = Node(.vstack, edge == .bottom ? page + [bar] : [bar] + page)
            (node.fillsWidth, node.fillsHeight) = (true, true)
            node.style("gap", "0")
            return [node]
        }
    }

    nonisolated public func listStyle<S: ListStyle>(_ style: S) -> some View { self }
    nonisolated public func contentShape<S: Shape>(_ shape: S) -> some View { self }
    nonisolated public func presentationDetents(_ detents: Set<PresentationDetent>) -> some View { self }
    nonisolated public func interactiveDismissDisabled(_ isDisabled: Bool = true) -> some View { self }
    /// Drawn as it is: nobody looks over the shoulder of a test.
    nonisolated public func privacySensitive(_ sensitive: Bool = true) -> some View { self }

    // MARK: life

    nonisolated public func onAppear(perform action: (() -> Void)? = nil) -> some View {
        changed { base, drawing in
            if let action { drawing.onAppear(action) }
            return drawing.draw(base)
        }
    }

    nonisolated public func task(
        priority: TaskPriority = .userInitiated,
        @_inheritActorContext _ action: @escaping @Sendable () async -> Void
    ) -> some View {
        changed { base, drawing in
            drawing.runs("task") { await action() }
            return drawing.draw(base)
        }
    }

    nonisolated public func task<T: Equatable>(
        id value: T, priority: TaskPriority = .userInitiated,
        @_inheritActorContext _ action: @escaping @Sendable () async -> Void
    ) -> some View {
        changed { base, drawing in
            drawing.runs("task:\(value)") { await action() }
            return drawing.draw(base)
        }
    }

    nonisolated public func refreshable(
        @_inheritActorContext action: @escaping @Sendable () async -> Void
    ) -> some View {
        eachNode { node in node.actions.append((name: "refresh", act: { Task { await action() } })) }
    }

    nonisolated public func onChange<V: Equatable>(
        of value: V, initial: Bool = false, _ action: @escaping (_ oldValue: V, _ newValue: V) -> Void
    ) -> some View {
        changed { base, drawing in
            let key = drawing.name("change")
            let before = drawing.memory.watched[key] as? V
            drawing.memory.watched[key] = value
            if let before, before != value {
                drawing.memory.afterwards.append { action(before, value) }
            } else if before == nil, initial {
                drawing.memory.afterwards.append { action(value, value) }
            }
            return drawing.draw(base)
        }
    }
}

extension Node {
    func align(_ alignment: Alignment) {
        style("align-items", alignment.horizontal.css)
        style("justify-content", alignment.vertical.css)
    }
}
