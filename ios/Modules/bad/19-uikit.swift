// refused: cannot find 'UIColor' in scope
import Observation
import SwiftUI

struct Page: View { var body: some View { Text("Words").foregroundStyle(Color(uiColor: UIColor.red)) } }
