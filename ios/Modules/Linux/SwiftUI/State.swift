// What a view keeps, and what it lets others write.
import Foundation
import Observation

public protocol DynamicProperty {}

/// Where a value lives between two drawings. Writing asks for another.
package final class Place<Value> {
    package var value: Value { didSet { changed?() } }
    package var changed: (() -> Void)?
    package init(_ value: Value) { self.value = value }
}

/// Found in a view, by reflection, before its body is asked for.
@MainActor package protocol Bound {
    func bind(_ drawing: Drawing, _ label: String)
}

@propertyWrapper @dynamicMemberLookup
public struct Binding<Value> {
    let read: () -> Value
    let write: (Value) -> Void

    nonisolated public init(get: @escaping () -> Value, set: @escaping (Value) -> Void) {
        read = get
        write = set
    }

    public static func constant(_ value: Value) -> Binding<Value> { Binding(get: { value }, set: { _ in }) }

    public var wrappedValue: Value {
        get { read() }
        nonmutating set { write(newValue) }
    }

    public var projectedValue: Binding<Value> { self }

    public subscript<Subject>(dynamicMember keyPath: WritableKeyPath<Value, Subject>) -> Binding<Subject> {
        Binding<Subject>(
            get: { read()[keyPath: keyPath] },
            set: { subject in
                var value = read()
                value[keyPath: keyPath] = subject
                write(value)
            })
    }
}

extension Binding: DynamicProperty {}

/// What a view is made with, until it is drawn and gets its place.
package final class Cell<Value> {
    let initial: () -> Value
    lazy var place = Place(initial())
    init(_ initial: @escaping () -> Value) { self.initial = initial }
}

@propertyWrapper
public struct State<Value>: DynamicProperty {
    let cell: Cell<Value>

    nonisolated public init(wrappedValue value: Value) { cell = Cell { value } }
    nonisolated public init(initialValue value: Value) { cell = Cell { value } }

    public var wrappedValue: Value {
        get { cell.place.value }
        nonmutating set { cell.place.value = newValue }
    }

    public var projectedValue: Binding<Value> {
        let cell = cell
        return Binding(get: { cell.place.value }, set: { cell.place.value = $0 })
    }
}

extension State where Value: ExpressibleByNilLiteral {
    nonisolated public init() { self.init(wrappedValue: nil) }
}

extension State: Bound {
    package func bind(_ drawing: Drawing, _ label: String) { cell.place = drawing.place(label, cell.initial) }
}

@propertyWrapper @dynamicMemberLookup
public struct Bindable<Value> {
    public var wrappedValue: Value
    public var projectedValue: Bindable<Value> { self }

    @available(*, unavailable, message: "the wrapped value must be an object that conforms to Observable")
    public init(wrappedValue: Value) { fatalError() }

    init(kept: Value) { wrappedValue = kept }
}

extension Bindable where Value: AnyObject {
    public subscript<Subject>(dynamicMember keyPath: ReferenceWritableKeyPath<Value, Subject>) -> Binding<Subject> {
        let object = wrappedValue
        return Binding(get: { object[keyPath: keyPath] }, set: { object[keyPath: keyPath] = $0 })
    }
}

extension Bindable where Value: AnyObject & Observable {
    nonisolated public init(wrappedValue: Value) { self.init(kept: wrappedValue) }
    nonisolated public init(_ wrappedValue: Value) { self.init(kept: wrappedValue) }
}

@propertyWrapper
public struct FocusState<Value: Hashable>: DynamicProperty {
    @propertyWrapper
    public struct Binding {
        let cell: Cell<Value>
        public var wrappedValue: Value {
            get { cell.place.value }
            nonmutating set { cell.place.value = newValue }
        }
        public var projectedValue: FocusState<Value>.Binding { self }
    }

    let cell: Cell<Value>

    public var wrappedValue: Value {
        get { cell.place.value }
        nonmutating set { cell.place.value = newValue }
    }
    public var projectedValue: FocusState<Value>.Binding { Binding(cell: cell) }

    nonisolated public init() where Value == Bool { cell = Cell { false } }
}

extension FocusState: Bound {
    package func bind(_ drawing: Drawing, _ label: String) { cell.place = drawing.place(label, cell.initial) }
}

@propertyWrapper
public struct ScaledMetric<Value: BinaryFloatingPoint>: DynamicProperty {
    final class Scale {
        var factor = 1.0
        init() {}
    }

    let base: Value
    let style: Font.TextStyle
    let scale = Scale()

    nonisolated public init(wrappedValue: Value, relativeTo textStyle: Font.TextStyle = .body) {
        base = wrappedValue
        style = textStyle
    }

    public var wrappedValue: Value { base * Value(scale.factor) }
}

extension ScaledMetric: Bound {
    package func bind(_ drawing: Drawing, _ label: String) {
        let size = drawing.environment.dynamicTypeSize
        scale.factor = Double(style.points(size)) / Double(style.points(.large))
    }
}
