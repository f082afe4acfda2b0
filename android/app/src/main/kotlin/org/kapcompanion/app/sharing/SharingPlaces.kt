package org.kapcompanion.app.sharing

import androidx.compose.runtime.Composable
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Shell

/** The places of what a person shares. */
object SharingPlaces {
    const val SHARED = "sharing"
    const val WORDINGS = "sharing/wordings"
}

/** Draws a place of what is shared; false where it is none. */
@Composable
fun sharingAt(place: String, shell: Shell, around: Around): Boolean {
    when (place) {
        SharingPlaces.SHARED -> SharedRoute(around, shell::go)
        SharingPlaces.WORDINGS -> WordingsRoute(around)
        else -> return false
    }
    return true
}
