package org.kapcompanion.app

import android.content.Intent
import android.os.Bundle
import android.view.WindowManager
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.activity.viewModels
import org.kapcompanion.app.ui.AppShell
import org.kapcompanion.app.ui.CompanionTheme
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
        // What is written here stays out of pictures of the screen, and of the list of recent apps.
        window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
        if (savedInstanceState == null) follow(intent)
        setContent { CompanionTheme { AppShell(shell) } }
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
