package org.kapcompanion.app.devices

import androidx.compose.runtime.Composable
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Places
import org.kapcompanion.app.ui.Shell

/** The places of the person's phones and their recovery words. */
object DevicePlaces {
    const val DEVICES = "devices"
    const val ADD = "devices/add"
    const val RECOVERY = "devices/recovery"
    const val COME_BACK = "devices/come-back"

    /** Pages that no picture of the screen may hold, whatever is chosen: who has it can read and join the record. */
    val Secret = setOf(ADD, RECOVERY, COME_BACK)
}

/** Draws a place of the phones; false where it is none. */
@Composable
fun devicesAt(place: String, shell: Shell, around: Around): Boolean {
    when (place) {
        DevicePlaces.DEVICES -> DevicesRoute(around, shell::go)
        DevicePlaces.ADD -> AddPhoneRoute(around)
        DevicePlaces.RECOVERY -> RecoveryRoute(around, onDone = shell::back)
        DevicePlaces.COME_BACK -> ComeBackRoute(around, onBack = { shell.instead(Places.PAIR) })
        else -> return false
    }
    return true
}
