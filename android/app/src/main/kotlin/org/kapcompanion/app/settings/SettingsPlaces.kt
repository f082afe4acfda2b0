package org.kapcompanion.app.settings

import androidx.compose.runtime.Composable
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Shell

/** The places of settings. */
object SettingsPlaces {
    const val SETTINGS = "settings"
    const val LANGUAGE = "settings/language"
    const val DIAGNOSTICS = "settings/diagnostics"
    const val ABOUT = "settings/about"
}

/** Draws a place of the settings; false where it is none. */
@Composable
fun settingsAt(place: String, shell: Shell, around: Around): Boolean {
    when (place) {
        SettingsPlaces.SETTINGS -> SettingsRoute(around, shell::go)
        SettingsPlaces.LANGUAGE -> LanguageRoute(around)
        SettingsPlaces.DIAGNOSTICS -> DiagnosticsRoute(around)
        SettingsPlaces.ABOUT -> AboutRoute(around)
        else -> return false
    }
    return true
}
