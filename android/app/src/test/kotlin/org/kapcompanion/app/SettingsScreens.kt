package org.kapcompanion.app

import androidx.compose.runtime.Composable
import org.kapcompanion.app.settings.AboutScreen
import org.kapcompanion.app.settings.Chosen
import org.kapcompanion.app.settings.DiagnosticsScreen
import org.kapcompanion.app.settings.LanguageScreen
import org.kapcompanion.app.settings.Light
import org.kapcompanion.app.settings.SettingsScreen
import org.kapcompanion.app.settings.SettingsShown
import org.kapcompanion.app.ui.CompanionTheme
import org.kapcompanion.app.ui.Loaded

private const val REPORT = "companion 0.1.0, form 3\nfile: 1.2 MB\nentries and others: own 214\nwaiting: 0"

@Composable
private fun Settings(shown: SettingsShown) = SettingsScreen(shown, Somewhere, {}, {}, {}, {}, {})

/** Settings of this phone. */
val SettingsScreens: Map<String, @Composable () -> Unit> = mapOf(
    "settings" to { Settings(SettingsShown()) },
    "settings-dim" to {
        CompanionTheme(dim = true) {
            Settings(SettingsShown(Chosen(Light.DIM, allowsPictures = true), isDiscreet = true, goesOverMetered = true))
        }
    },
    "language" to { LanguageScreen("es", Somewhere) {} },
    "diagnostics" to { DiagnosticsScreen(null, isCopied = false, Somewhere, {}, {}) },
    "diagnostics-making" to { DiagnosticsScreen(Loaded.NotYet, isCopied = false, Somewhere, {}, {}) },
    "diagnostics-made" to { DiagnosticsScreen(Loaded.Here(REPORT), isCopied = true, Somewhere, {}, {}) },
    "about" to { AboutScreen("0.1.0", Somewhere) }
)
