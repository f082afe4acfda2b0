// refused: cannot find 'Tab' in scope
import Observation
import SwiftUI

struct Page: View { var body: some View { TabView { Tab("Today", systemImage: "sun.max") { Text("Words") } } } }
