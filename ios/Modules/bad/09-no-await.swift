// refused: expression is 'async' but is not marked with 'await'
import Observation
import SwiftUI

@MainActor @Observable final class Model { func save() async {} }

struct Page: View {
    let model: Model
    var body: some View { Button("Save") { Task { model.save() } } }
}
