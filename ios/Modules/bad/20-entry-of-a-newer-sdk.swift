// refused: unknown attribute 'Entry'
import Observation
import SwiftUI

extension EnvironmentValues { @Entry var isQuiet = false }
