import CompanionKit
import CompanionModels
import SwiftUI

/// The words, and who may read them. It can be closed at any moment: what is half written is kept.
struct WriteScreen: View {
    @Environment(\.dismiss) private var dismiss
    @Bindable var model: WriteModel
    @FocusState private var isWriting: Bool

    var body: some View {
        NavigationStack {
            Page("Write") {
                WhyNot(saving: model.saving)
                if let words = model.words {
                    TextEditor(text: Binding(get: { words }, set: { model.type($0) }))
                        .scrollContentBackground(.hidden)
                        .frame(minHeight: 220)
                        .writable()
                        .focused($isWriting)
                        .privacySensitive()
                        .accessibilityLabel("Your words")
                        .onAppear { isWriting = true }
                    if let why = model.notKept {
                        Notice(sentence: why.words)
                    } else {
                        Text("Kept on this phone while you write, also when the app is closed.").quiet()
                    }
                    Readers(sharing: model.sharing.shown, chosen: $model.readers)
                } else {
                    Opening()
                }
            }
            .navigationBarTitleDisplayMode(.inline)
            .toolbar {
                ToolbarItem(placement: .cancellationAction) { Button("Close") { dismiss() } }
                ToolbarItem(placement: .confirmationAction) {
                    Button("Save") {
                        Task {
                            await model.save()
                            if model.saving == .done { dismiss() }
                        }
                    }
                    .disabled(!model.canSave)
                }
            }
        }
        .task { await model.live() }
    }
}
