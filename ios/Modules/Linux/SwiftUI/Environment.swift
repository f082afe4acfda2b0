// What views are told by those around them.
import Foundation
import Observation

public protocol EnvironmentKey {
    associatedtype Value
    static var defaultValue: Value { get }
}

@propertyWrapper
public struct Environment<Value>: DynamicProperty {
    final class Box {
        var value: Value?
        init() {}
    }

    let read: (EnvironmentValues) -> Value
    let box = Box()

    nonisolated public init(_ keyPath: KeyPath<EnvironmentValues, Value>) { read = { $0[keyPath: keyPath] } }

    nonisolated public init(_ objectType: Value.Type) where Value: AnyObject & Observable {
        read = { values in
            guard let object = values.objects[ObjectIdentifier(objectType)] as? Value else {
                fatalError("no \(objectType) is in the environment")
            }
            return object
        }
    }

    public var wrappedValue: Value { box.value ?? read(EnvironmentValues()) }
}

extension Environment: Bound {
    package func bind(_ drawing: Drawing, _ label: String) { box.value = read(drawing.environment) }
}

public struct DismissAction {
    let act: @MainActor () -> Void
    @MainActor public func callAsFunction() { act() }
}

public struct OpenURLAction {
    public struct Result: Sendable {
        let isOpened: Bool
        public static let handled = Result(isOpened: true)
        public static let discarded = Result(isOpened: false)
    }

    let handler: @MainActor (URL) -> Result

    @MainActor @preconcurrency public init(handler: @escaping (URL) -> Result) { self.handler = handler }
    init(opens handler: @escaping @MainActor (URL) -> Result) { self.handler = handler }

    @MainActor public func callAsFunction(_ url: URL) { _ = handler(url) }
    @MainActor public func callAsFunction(_ url: URL, completion: @escaping (_ accepted: Bool) -> Void) {
        completion(handler(url).isOpened)
    }
}

public enum ColorScheme: CaseIterable, Sendable { case light, dark }
public enum LayoutDirection: Hashable, CaseIterable, Sendable { case leftToRight, rightToLeft }
public enum ScenePhase: Comparable, Sendable { case background, inactive, active }

public enum DynamicTypeSize: Int, Hashable, Comparable, CaseIterable, Sendable {
    case xSmall, small, medium, large, xLarge, xxLarge, xxxLarge
    case accessibility1, accessibility2, accessibility3, accessibility4, accessibility5

    public var isAccessibilitySize: Bool { self >= .accessibility1 }
    public static func < (one: DynamicTypeSize, other: DynamicTypeSize) -> Bool { one.rawValue < other.rawValue }
}

public struct EnvironmentValues {
    package var keyed: [ObjectIdentifier: Any] = [:]
    package var objects: [ObjectIdentifier: AnyObject] = [:]
    package var dismissing: @MainActor () -> Void = {}
    package var buttonStyle = "automatic"
    package var isIconOnly = false

    public init() {}

    public subscript<Key: EnvironmentKey>(key: Key.Type) -> Key.Value {
        get { keyed[ObjectIdentifier(key)] as? Key.Value ?? Key.defaultValue }
        set { keyed[ObjectIdentifier(key)] = newValue }
    }

    public var dismiss: DismissAction { DismissAction(act: dismissing) }
    public var openURL = OpenURLAction(opens: { _ in .handled })
    public var colorScheme = ColorScheme.light
    public var scenePhase = ScenePhase.active
    public var dynamicTypeSize = DynamicTypeSize.large
    public var layoutDirection = LayoutDirection.leftToRight
    public var locale = Locale(identifier: "en_US")
    public var isEnabled = true
}

extension View {
    nonisolated public func environment<V>(
        _ keyPath: WritableKeyPath<EnvironmentValues, V>, _ value: V
    ) -> some View {
        setting { $0[keyPath: keyPath] = value }
    }

    nonisolated public func environment<T: AnyObject & Observable>(_ object: T?) -> some View {
        setting { $0.objects[ObjectIdentifier(T.self)] = object }
    }

    nonisolated public func disabled(_ disabled: Bool) -> some View {
        setting { $0.isEnabled = $0.isEnabled && !disabled }
    }
}
