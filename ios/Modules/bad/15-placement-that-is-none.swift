// refused: has no member 'topRight'
import Observation
import SwiftUI

struct Page: View { var body: some View { Text("Words").toolbar { ToolbarItem(placement: .topRight) { Text("x") } } } }
