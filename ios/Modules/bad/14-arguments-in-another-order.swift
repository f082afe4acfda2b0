// refused: argument 'alignment' must precede argument 'spacing'
import Observation
import SwiftUI

struct Page: View { var body: some View { VStack(spacing: 8, alignment: .leading) { Text("Words") } } }
