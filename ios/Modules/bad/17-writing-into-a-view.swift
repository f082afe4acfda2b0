// refused: 'self' is immutable
import Observation
import SwiftUI

struct Page: View {
    var count = 0
    var body: some View { Button("Add") { count += 1 } }
}
