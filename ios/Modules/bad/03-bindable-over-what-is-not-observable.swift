// refused: the wrapped value must be an object that conforms to Observable
import Observation
import SwiftUI

@MainActor final class Model { var words = "" }

struct Page: View {
    @Bindable var model: Model
    var body: some View { TextField("Words", text: $model.words) }
}
