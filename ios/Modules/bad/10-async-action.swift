// refused: cannot pass function of type
import Observation
import SwiftUI

@MainActor @Observable final class Model { func save() async {} }

struct Page: View {
    let model: Model
    var body: some View { Button("Save") { await model.save() } }
}
