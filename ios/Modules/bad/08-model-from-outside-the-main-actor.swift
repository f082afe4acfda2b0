// refused: main actor-isolated property 'words' can not be mutated
import Observation
import SwiftUI

@MainActor @Observable final class Model { var words = "" }

func write(_ model: Model) { model.words = "x" }
