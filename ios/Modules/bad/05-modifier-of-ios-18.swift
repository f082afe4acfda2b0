// refused: has no member 'presentationSizing'
import Observation
import SwiftUI

struct Page: View { var body: some View { Text("Words").presentationSizing(.form) } }
