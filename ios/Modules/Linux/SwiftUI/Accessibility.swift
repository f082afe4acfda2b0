// What VoiceOver is told.
import Foundation

public struct AccessibilityTraits: SetAlgebra, Sendable {
    // A set of bits; that it is one is nobody's business, as with Apple's.
    private var bits: Set<Int> = []

    public init() {}
    private init(bit: Int) { bits = [bit] }

    public static let isButton = Self(bit: 1)
    public static let isHeader = Self(bit: 2)
    public static let isSelected = Self(bit: 3)
    public static let isImage = Self(bit: 4)
    public static let isStaticText = Self(bit: 5)
    public static let updatesFrequently = Self(bit: 6)

    private func with(_ change: (inout Set<Int>) -> Void) -> Self {
        var other = self
        change(&other.bits)
        return other
    }

    public func contains(_ member: Self) -> Bool { member.bits.isSubset(of: bits) }
    public func union(_ other: Self) -> Self { with { $0.formUnion(other.bits) } }
    public func intersection(_ other: Self) -> Self { with { $0.formIntersection(other.bits) } }
    public func symmetricDifference(_ other: Self) -> Self { with { $0.formSymmetricDifference(other.bits) } }
    public mutating func formUnion(_ other: Self) { bits.formUnion(other.bits) }
    public mutating func formIntersection(_ other: Self) { bits.formIntersection(other.bits) }
    public mutating func formSymmetricDifference(_ other: Self) { bits.formSymmetricDifference(other.bits) }

    @discardableResult
    public mutating func insert(_ newMember: Self) -> (inserted: Bool, memberAfterInsert: Self) {
        let isNew = !contains(newMember)
        formUnion(newMember)
        return (isNew, newMember)
    }

    @discardableResult
    public mutating func remove(_ member: Self) -> Self? {
        guard contains(member) else { return nil }
        bits.subtract(member.bits)
        return member
    }

    @discardableResult
    public mutating func update(with newMember: Self) -> Self? { insert(newMember).inserted ? nil : newMember }
}

public struct AccessibilityChildBehavior: Hashable, Sendable {
    let name: String
    public static let ignore = Self(name: "ignore")
    public static let contain = Self(name: "contain")
    public static let combine = Self(name: "combine")
}

extension Node {
    /// What is told something: frames and backgrounds are no elements, what they are around is.
    var element: Node {
        let said = children.filter { !$0.isHidden }
        let isAround = (kind == .box || kind == .zstack) && grouping == nil && said.count == 1
        return isAround ? said[0].element : self
    }
}

extension View {
    nonisolated public func accessibilityLabel(_ label: Text) -> some View {
        changed { base, drawing in
            let nodes = drawing.draw(base)
            nodes.first?.element.label = label.resolved(drawing)
            return nodes
        }
    }
    nonisolated public func accessibilityLabel(_ labelKey: LocalizedStringKey) -> some View {
        accessibilityLabel(Text(labelKey))
    }
    nonisolated public func accessibilityValue(_ value: Text) -> some View {
        changed { base, drawing in
            let nodes = drawing.draw(base)
            nodes.first?.element.value = value.resolved(drawing)
            return nodes
        }
    }
    nonisolated public func accessibilityHint(_ hint: Text) -> some View {
        changed { base, drawing in
            let nodes = drawing.draw(base)
            nodes.first?.element.hint = hint.resolved(drawing)
            return nodes
        }
    }
    nonisolated public func accessibilityHidden(_ hidden: Bool) -> some View { eachNode { $0.isHidden = hidden } }
    nonisolated public func accessibilityAddTraits(_ traits: AccessibilityTraits) -> some View {
        eachNode { $0.element.traits.formUnion(traits) }
    }
    nonisolated public func accessibilityElement(children: AccessibilityChildBehavior = .ignore) -> some View {
        boxed { $0.grouping = children }
    }
}
