// refused: conform to 'Hashable'
import Observation
import SwiftUI

struct Row { let words: String }

struct Page: View { var body: some View { NavigationLink(value: Row(words: "x")) { Text("Words") } } }
