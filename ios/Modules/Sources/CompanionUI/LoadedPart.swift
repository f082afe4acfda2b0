import CompanionCore
import CompanionKit
import CompanionModels
import SwiftUI

/// A part of a page that is there, or not yet, or can't be.
struct LoadedPart<Value: Equatable & Sendable, Content: View>: View {
    private let watched: Watched<Value>
    private let content: (Value) -> Content

    init(_ watched: Watched<Value>, @ViewBuilder content: @escaping (Value) -> Content) {
        self.watched = watched
        self.content = content
    }

    var body: some View {
        switch watched.shown {
        case .notYet: Opening()
        case .here(let value): content(value)
        case .problem(let why):
            Notice(sentence: why.words)
            OtherButton("Try again") { watched.tryAgain() }
        }
    }
}

/// That saving did not work, where it did not.
struct WhyNot: View {
    let saving: Saving

    var body: some View {
        if case .failed(let why) = saving { Notice(sentence: why.words) }
    }
}
