package org.kapcompanion.app

import android.content.Intent
import android.graphics.Color
import android.os.Bundle
import android.view.WindowManager
import androidx.activity.ComponentActivity
import androidx.activity.SystemBarStyle
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.activity.viewModels
import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.lifecycleScope
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.launch
import org.kapcompanion.app.devices.DevicePlaces
import org.kapcompanion.app.settings.InLanguage
import org.kapcompanion.app.settings.Light
import org.kapcompanion.app.ui.AppShell
import org.kapcompanion.app.ui.CompanionTheme
import org.kapcompanion.app.ui.KeyboardLearnsNothing
import org.kapcompanion.app.ui.Places
import org.kapcompanion.app.ui.Shell
import org.kapcompanion.app.welcome.PairingViewModel

/** The one activity. */
class MainActivity : ComponentActivity() {
    private val shell: Shell by viewModels()
    private val pairing: PairingViewModel by viewModels { PairingViewModel.Factory }

    override fun onCreate(savedInstanceState: Bundle?) {
        enableEdgeToEdge()
        super.onCreate(savedInstanceState)
        // What is written here stays out of pictures of the screen, and of the list of recent apps: also before it is
        // known that the person chose otherwise.
        window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
        lifecycleScope.launch { keepOutOfPictures() }
        if (savedInstanceState == null) follow(intent)
        setContent {
            val chosen by companion.settings.chosen.collectAsStateWithLifecycle()
            val isDark = when (chosen.light) {
                Light.AS_PHONE -> isSystemInDarkTheme()
                Light.LIGHT -> false
                Light.DARK, Light.DIM -> true
            }
            LaunchedEffect(isDark) { drawBars(isDark) }
            InLanguage(chosen.language) {
                CompanionTheme(isDark, chosen.light == Light.DIM) { KeyboardLearnsNothing { AppShell(shell) } }
            }
        }
    }

    /** Follows what the person chose; some pages are in no picture whatever they chose. */
    private suspend fun keepOutOfPictures() {
        combine(companion.settings.chosen, shell.places) { chosen, places ->
            chosen.allowsPictures && places.lastOrNull() !in DevicePlaces.Secret
        }.collect { isAllowed ->
            if (isAllowed) {
                window.clearFlags(WindowManager.LayoutParams.FLAG_SECURE)
            } else {
                window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
            }
        }
    }

    /** What the system draws at the edges is to be seen on the app's own colors. */
    private fun drawBars(isDark: Boolean) {
        val style = SystemBarStyle.auto(Color.TRANSPARENT, Color.TRANSPARENT) { isDark }
        enableEdgeToEdge(style, style)
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        follow(intent)
    }

    /** A link of the clinic's, opened by the phone's camera or from a message: it is shown, and nothing is done yet. */
    private fun follow(intent: Intent) {
        val link = intent.data?.toString() ?: return
        pairing.type(link)
        shell.go(Places.PAIR)
    }
}
