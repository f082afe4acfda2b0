import SwiftUI

/// A page: its title, what scrolls below it, and help always in the same place.
struct Page<Content: View>: View {
    private let title: LocalizedStringKey
    private let content: Content

    init(_ title: LocalizedStringKey, @ViewBuilder content: () -> Content) {
        self.title = title
        self.content = content()
    }

    var body: some View {
        ScrollView {
            VStack(alignment: .leading, spacing: 16) { content }
                // Longer lines are hard to read on an iPad.
                .frame(maxWidth: 640, alignment: .leading)
                .padding(.horizontal)
                .padding(.bottom, 24)
                .frame(maxWidth: .infinity)
        }
        .background(Color("Page"))
        .foregroundStyle(Color("Ink"))
        .navigationTitle(title)
        .toolbar { ToolbarItem(placement: .topBarTrailing) { HelpButton() } }
    }
}

/// What belongs together.
struct Card<Content: View>: View {
    private let content: Content

    init(@ViewBuilder content: () -> Content) { self.content = content() }

    var body: some View {
        VStack(alignment: .leading, spacing: 10) { content }
            .frame(maxWidth: .infinity, alignment: .leading)
            .padding()
            .background(Color("Card"), in: .rect(cornerRadius: 16))
    }
}

extension Text {
    /// A heading below the page's own.
    func heading() -> some View {
        font(.headline).accessibilityAddTraits(.isHeader)
    }

    /// What explains, and is read second.
    func quiet() -> some View {
        font(.subheadline).foregroundStyle(Color("Quiet"))
    }
}

/// Something that a person should know: with a sign, and not by its color alone.
struct Notice: View {
    private let words: Text

    init(_ words: Text) { self.words = words }

    /// A sentence of the core's, which begins with a small letter and has no full stop.
    init(sentence: String) {
        let end = sentence.hasSuffix(".") ? "" : "."
        words = Text(verbatim: sentence.prefix(1).uppercased() + sentence.dropFirst() + end)
    }

    var body: some View {
        Label {
            words
        } icon: {
            Image(systemName: "exclamationmark.triangle")
        }
        .font(.subheadline)
        .foregroundStyle(Color("WarmInk"))
        .frame(maxWidth: .infinity, alignment: .leading)
        .padding()
        .background(Color("Warm"), in: .rect(cornerRadius: 16))
    }
}

/// The one thing that a page is for.
struct MainButton: View {
    private let title: LocalizedStringKey
    private let action: @MainActor () -> Void

    init(_ title: LocalizedStringKey, action: @escaping @MainActor () -> Void) {
        self.title = title
        self.action = action
    }

    var body: some View {
        Button(action: action) {
            // White, as the system has it, is too pale on the accent of the night.
            Text(title)
                .fontWeight(.semibold)
                .foregroundStyle(Color("OnAccent"))
                .multilineTextAlignment(.center)
                .frame(maxWidth: .infinity)
        }
        .buttonStyle(.borderedProminent)
        .controlSize(.large)
    }
}

/// Something else that can be done.
struct OtherButton: View {
    private let title: LocalizedStringKey
    private let action: @MainActor () -> Void

    init(_ title: LocalizedStringKey, action: @escaping @MainActor () -> Void) {
        self.title = title
        self.action = action
    }

    var body: some View {
        Button(action: action) { Text(title).multilineTextAlignment(.center).frame(maxWidth: .infinity) }
            .buttonStyle(.bordered)
            .controlSize(.large)
    }
}

extension View {
    /// What a person writes into: bordered, so that it is seen to be there.
    func writable() -> some View {
        padding(.horizontal, 12)
            .background(Color("Card"), in: .rect(cornerRadius: 12))
            .overlay { RoundedRectangle(cornerRadius: 12).stroke(Color("Edge")) }
    }
}

/// A field with its name above it, where it stays when something is written.
struct Field: View {
    private let name: LocalizedStringKey
    @Binding private var words: String

    init(_ name: LocalizedStringKey, words: Binding<String>) {
        self.name = name
        _words = words
    }

    var body: some View {
        VStack(alignment: .leading, spacing: 6) {
            // VoiceOver hears it from the field.
            Text(name).quiet().accessibilityHidden(true)
            TextField(name, text: $words, prompt: Text(verbatim: ""), axis: .vertical)
                .frame(minHeight: 44)
                .writable()
        }
    }
}

/// The wait for what is read from the phone's own disk: short, and said all the same.
struct Opening: View {
    var body: some View {
        ProgressView("Opening…")
            .frame(maxWidth: .infinity)
            .padding(.vertical, 40)
    }
}
