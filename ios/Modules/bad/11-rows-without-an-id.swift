// refused: conform to 'Identifiable'
import Observation
import SwiftUI

struct Row { let words: String }

struct Page: View {
    let rows: [Row]
    var body: some View { ForEach(rows) { Text($0.words) } }
}
