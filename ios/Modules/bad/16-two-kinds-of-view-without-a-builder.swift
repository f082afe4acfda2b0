// refused: do not have matching underlying types
import Observation
import SwiftUI

struct Page: View {
    let isEmpty: Bool
    var body: some View { part }
    var part: some View {
        if isEmpty { return Text("Nothing") } else { return Image(systemName: "circle") }
    }
}
