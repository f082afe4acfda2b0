/// Line drawings of our own for the symbols that the app names. Whether a symbol is one of Apple's is not known here.
package enum Symbols {
    private static let paths: [String: String] = [
        "chevron.forward": "M9 5l7 7-7 7",
        "chevron.backward": "M15 5l-7 7 7 7",
        "checkmark": "M5 12l5 6L19 6",
        "checkmark.circle.fill": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12l3 3 5-6",
        "circle": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
        "sun.max": "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2",
        "book.closed": "M6 4h12v16H8a2 2 0 0 1-2-2zM6 17h12",
        "lifepreserver": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM5.6 5.6l3.6 3.6M14.8 14.8l3.6 3.6M18.4 5.6l-3.6 3.6M9.2 14.8l-3.6 3.6",
        "square.and.pencil": "M19 12v8H4V5h8M10 14l1-4 8-7 2 2-8 8z",
        "phone": "M6 3l4 1 1 5-2 2c1 2 2 3 4 4l2-2 5 1 1 4c-8 3-18-7-15-15z",
        "message": "M4 5h16v11H11l-5 4v-4H4z",
        "globe": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18",
        "lock": "M7 11V8a5 5 0 0 1 10 0v3M5 11h14v9H5z",
        "person.2": "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 20c0-4 2-6 6-6s6 2 6 6M16 6a3 3 0 0 1 0 6M17 14c3 0 4 2 4 6",
        "bubble.left.and.bubble.right": "M3 4h12v8H8l-3 3v-3H3zM18 9h3v8h-2v3l-3-3h-5v-2",
        "exclamationmark.triangle": "M12 4l9 16H3zM12 10v5M12 17.5v.5",
        "wifi.slash": "M4 9c5-4 11-4 16 0M7 13c3-3 7-3 10 0M11 17h2M4 3l16 18",
    ]

    package static var names: Set<String> { Set(paths.keys) }

    package static func svg(_ name: String) -> String {
        guard let path = paths[name] else { fatalError("draw the symbol \(name) in Linux/SwiftUI/Symbols.swift") }
        return """
            <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" \
            stroke-linejoin="round" aria-hidden="true"><path d="\(path)"/></svg>
            """
    }
}
