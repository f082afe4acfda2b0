// refused: has no member 'fontColor'
import Observation
import SwiftUI

struct Page: View { var body: some View { Text("Words").fontColor(.primary) } }
