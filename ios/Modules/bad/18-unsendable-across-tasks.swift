// refused: sending
import Observation
import SwiftUI

final class Counter { var count = 0 }

@MainActor func count(_ counter: Counter) {
    Task.detached { counter.count += 1 }
    counter.count += 1
}
