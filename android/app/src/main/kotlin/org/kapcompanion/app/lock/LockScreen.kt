package org.kapcompanion.app.lock

import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.provider.Settings
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import org.kapcompanion.app.R
import org.kapcompanion.app.companion
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.BottomAction
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Quiet

/** What covers the pages. */
@Composable
fun LockRoute(around: Around) {
    val context = LocalContext.current
    val lock = context.companion.lock
    var wasAsked by rememberSaveable { mutableStateOf(false) }
    val ask = rememberAsking { if (it == Unlocked.YES) lock.unlocked() }
    val canAsk = context.companion.unlocker.canAsk(context)
    // Asked once by itself; whoever left that is asked again when they tap.
    LaunchedEffect(Unit) {
        if (canAsk && !wasAsked) {
            wasAsked = true
            ask()
        }
    }
    LockScreen(
        canAsk,
        around,
        onUnlock = ask,
        onSettings = { context.openSecuritySettings() },
        onTurnOff = {
            lock.choose(LockChoice(isOn = false))
            lock.unlocked()
        }
    )
}

/** The cover: one button, and help. Nothing of the record is behind it. */
@Composable
fun LockScreen(canAsk: Boolean, around: Around, onUnlock: () -> Unit, onSettings: () -> Unit, onTurnOff: () -> Unit) {
    val action = if (canAsk) R.string.lock_unlock else R.string.lock_phone_settings
    Page(stringResource(R.string.lock_title), around, bottom = {
        BottomAction(stringResource(action), if (canAsk) onUnlock else onSettings)
    }) {
        if (canAsk) {
            Text(
                stringResource(R.string.lock_how),
                Modifier.fillMaxWidth().padding(top = 24.dp),
                style = MaterialTheme.typography.bodyLarge
            )
        } else {
            Notice(stringResource(R.string.lock_none_any_more), isProblem = true)
            OtherButton(stringResource(R.string.lock_turn_off), onTurnOff)
        }
        Quiet(stringResource(R.string.lock_help))
    }
}

/** Where the phone's own lock is set. */
internal fun Context.openSecuritySettings() {
    try {
        startActivity(Intent(Settings.ACTION_SECURITY_SETTINGS))
    } catch (_: ActivityNotFoundException) {
        // A phone without that page: the words say what to look for.
    }
}
