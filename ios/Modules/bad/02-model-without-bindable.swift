// refused: cannot find '$model' in scope
import Observation
import SwiftUI

@MainActor @Observable final class Model { var words = "" }

struct Page: View {
    let model: Model
    var body: some View { TextField("Words", text: $model.words) }
}
