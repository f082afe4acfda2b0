// refused: conform to 'Identifiable'
import Observation
import SwiftUI

struct Row { let words: String }

struct Page: View {
    @State private var row: Row?
    var body: some View { Text("Words").sheet(item: $row) { Text($0.words) } }
}
