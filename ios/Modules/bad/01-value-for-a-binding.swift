// refused: to expected type 'Binding<String>'
import Observation
import SwiftUI

struct Page: View {
    @State private var words = ""
    var body: some View { TextField("Words", text: words) }
}
