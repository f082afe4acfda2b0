import CompanionModels
import SwiftUI

/// A step, and *Done* at once; the rest can be left out.
struct CheckInScreen: View {
    @Environment(\.dismiss) private var dismiss
    @Bindable var model: CheckInModel

    var body: some View {
        NavigationStack {
            Page("How are you right now?") {
                WhyNot(saving: model.saving)
                Card { Feelings(chosen: model.feeling) { model.feel($0) } }
                Field("Anything to add? (you can leave it out)", words: $model.note)
                    .privacySensitive()
                Readers(sharing: model.sharing.shown, chosen: $model.readers)
                MainButton("Done") {
                    Task {
                        await model.save()
                        if model.saving == .done { dismiss() }
                    }
                }
                .disabled(!model.canSave)
            }
            .toolbar { ToolbarItem(placement: .cancellationAction) { Button("Close") { dismiss() } } }
        }
        .task { await model.follow() }
    }
}
