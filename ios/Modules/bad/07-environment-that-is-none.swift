// refused: generic parameter 'Value' could not be inferred
import Observation
import SwiftUI

struct Page: View {
    @Environment(\.isPatient) private var isPatient
    var body: some View { Text("Words") }
}
