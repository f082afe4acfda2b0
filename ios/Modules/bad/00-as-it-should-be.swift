// compiles: what the others are one mistake away from
import Observation
import SwiftUI

@MainActor @Observable final class Model {
    var words = ""
    func save() async {}
}

struct Page: View {
    @Bindable var model: Model
    @Environment(\.dismiss) private var dismiss
    var body: some View {
        NavigationStack {
            TextField("Words", text: $model.words)
                .toolbar { ToolbarItem(placement: .confirmationAction) { Button("Save") { Task { await model.save() } } } }
        }
    }
}
