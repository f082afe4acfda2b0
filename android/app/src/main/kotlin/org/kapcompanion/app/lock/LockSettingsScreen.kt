package org.kapcompanion.app.lock

import androidx.annotation.StringRes
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.selection.toggleable
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import androidx.lifecycle.compose.LifecycleResumeEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.kapcompanion.app.R
import org.kapcompanion.app.companion
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loading
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet

/** The lock of the app, chosen. */
@Composable
fun LockSettingsRoute(around: Around) {
    val context = LocalContext.current
    val lock = context.companion.lock
    val choice by lock.choice.collectAsStateWithLifecycle()
    var canAsk by remember { mutableStateOf(context.companion.unlocker.canAsk(context)) }
    // They may come back from the phone's settings.
    LifecycleResumeEffect(Unit) {
        canAsk = context.companion.unlocker.canAsk(context)
        onPauseOrDispose { }
    }
    // Turning it on shows at once that it can be opened again; turning it off takes whoever may open it.
    val turn = rememberAsking { if (it == Unlocked.YES) choice?.let { now -> lock.choose(now.copy(isOn = !now.isOn)) } }
    LockSettingsScreen(
        choice,
        canAsk,
        around,
        onTurn = turn,
        onGrace = { grace -> choice?.let { lock.choose(it.copy(grace = grace)) } },
        onSettings = { context.openSecuritySettings() }
    )
}

/** On or off, and how soon it asks again. */
@Composable
fun LockSettingsScreen(
    choice: LockChoice?,
    canAsk: Boolean,
    around: Around,
    onTurn: () -> Unit,
    onGrace: (Grace) -> Unit,
    onSettings: () -> Unit
) {
    Page(stringResource(R.string.lock_settings_title), around) {
        if (choice == null) {
            Loading(stringResource(R.string.opening))
            return@Page
        }
        Quiet(stringResource(R.string.lock_settings_means))
        if (!canAsk) {
            Notice(stringResource(R.string.lock_no_screen_lock))
            OtherButton(stringResource(R.string.lock_phone_settings), onSettings)
        }
        if (canAsk || choice.isOn) Panel { OnOff(choice.isOn, onTurn) }
        if (choice.isOn) Panel { Graces(choice.grace, onGrace) }
        Quiet(stringResource(R.string.lock_help))
    }
}

@Composable
private fun OnOff(isOn: Boolean, onTurn: () -> Unit) {
    Row(
        Modifier
            .fillMaxWidth()
            .toggleable(isOn, role = Role.Switch) { onTurn() }
            .heightIn(min = 56.dp),
        verticalAlignment = Alignment.CenterVertically
    ) {
        Text(
            stringResource(R.string.lock_switch),
            Modifier.weight(1f).padding(end = 16.dp),
            style = MaterialTheme.typography.bodyLarge
        )
        Switch(isOn, onCheckedChange = null)
    }
}

@Composable
private fun Graces(chosen: Grace, onGrace: (Grace) -> Unit) {
    Heading(stringResource(R.string.lock_grace))
    Column(Modifier.selectableGroup()) {
        for (grace in Grace.entries) {
            Row(
                Modifier
                    .fillMaxWidth()
                    .selectable(grace == chosen, role = Role.RadioButton) { onGrace(grace) }
                    .heightIn(min = 48.dp),
                verticalAlignment = Alignment.CenterVertically
            ) {
                RadioButton(grace == chosen, onClick = null, Modifier.padding(end = 12.dp))
                Text(stringResource(grace.words))
            }
        }
    }
}

private val Grace.words: Int
    @StringRes get() = when (this) {
        Grace.NONE -> R.string.lock_grace_none
        Grace.MINUTE -> R.string.lock_grace_minute
        Grace.FIVE_MINUTES -> R.string.lock_grace_five
        Grace.FIFTEEN_MINUTES -> R.string.lock_grace_fifteen
    }
