package org.kapcompanion.app.reminders

import android.Manifest.permission.POST_NOTIFICATIONS
import android.app.NotificationManager
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.os.Build
import android.provider.Settings
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.toggleable
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import androidx.core.content.getSystemService
import androidx.lifecycle.compose.LifecycleResumeEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import kotlinx.coroutines.launch
import org.kapcompanion.app.R
import org.kapcompanion.app.companion
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet

/** What the phone lets the app do. */
data class ReminderLeave(val mayShow: Boolean, val mayBeExact: Boolean)

/** Turns reminders on and off on this phone. The system's permission is asked for by the tap that turns them on. */
@Composable
fun ReminderSwitch() {
    val context = LocalContext.current
    val reminders = context.companion.reminders
    val isOn by reminders.isOn.collectAsStateWithLifecycle()
    val scope = rememberCoroutineScope()
    var leave by remember { mutableStateOf(leaveOf(context)) }
    LifecycleResumeEffect(Unit) {
        leave = leaveOf(context)
        onPauseOrDispose { }
    }
    val asking = rememberLauncherForActivityResult(RequestPermission()) {
        leave = leaveOf(context)
        // Also where it was refused: it can be allowed later, in the phone's settings, and nothing more has to be done.
        scope.launch { reminders.turnOn() }
    }
    ReminderSwitchPanel(
        isOn,
        leave,
        onTurn = { wanted ->
            when {
                !wanted -> scope.launch { reminders.turnOff() }

                Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU && !leave.mayShow -> {
                    context.companion.lock.leavesForAnAnswer()
                    asking.launch(POST_NOTIFICATIONS)
                }

                else -> scope.launch { reminders.turnOn() }
            }
        },
        onAllow = { context.open(notificationSettings(context)) },
        onAllowExact = { exactSettings(context)?.let(context::open) }
    )
}

/** The switch, and what the phone does not allow. */
@Composable
fun ReminderSwitchPanel(
    isOn: Boolean?,
    leave: ReminderLeave,
    onTurn: (Boolean) -> Unit,
    onAllow: () -> Unit,
    onAllowExact: () -> Unit
) {
    Panel {
        Row(
            Modifier
                .fillMaxWidth()
                .toggleable(isOn == true, enabled = isOn != null, role = Role.Switch, onValueChange = onTurn)
                .heightIn(min = 56.dp),
            verticalAlignment = Alignment.CenterVertically
        ) {
            Text(
                stringResource(R.string.reminders_switch),
                Modifier.weight(1f).padding(end = 16.dp),
                style = MaterialTheme.typography.bodyLarge
            )
            Switch(isOn == true, onCheckedChange = null, enabled = isOn != null)
        }
        Quiet(stringResource(R.string.reminders_switch_means))
        if (isOn == true && !leave.mayShow) {
            Notice(stringResource(R.string.reminders_not_allowed))
            OtherButton(stringResource(R.string.reminders_allow), onAllow)
        }
        if (isOn == true && leave.mayShow && !leave.mayBeExact) {
            Quiet(stringResource(R.string.reminders_not_exact))
            OtherButton(stringResource(R.string.reminders_allow_exact), onAllowExact)
        }
    }
}

private fun leaveOf(context: Context): ReminderLeave {
    val manager = checkNotNull(context.getSystemService<NotificationManager>())
    return ReminderLeave(manager.areNotificationsEnabled(), context.companion.reminders.mayBeExact())
}

private fun notificationSettings(context: Context): Intent =
    Intent(Settings.ACTION_APP_NOTIFICATION_SETTINGS).putExtra(Settings.EXTRA_APP_PACKAGE, context.packageName)

private fun exactSettings(context: Context): Intent? {
    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.S) return null
    return Intent(Settings.ACTION_REQUEST_SCHEDULE_EXACT_ALARM, Uri.fromParts("package", context.packageName, null))
}

private fun Context.open(page: Intent) {
    try {
        startActivity(page)
    } catch (_: ActivityNotFoundException) {
        // A phone without that page: the words beside the button say what to look for.
    }
}
