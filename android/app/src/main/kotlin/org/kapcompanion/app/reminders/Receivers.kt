package org.kapcompanion.app.reminders

import android.app.AlarmManager
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import kotlinx.coroutines.launch
import org.kapcompanion.app.companion

/** Hears the app's own alarms. Not exported: nobody else can say that a reminder is due. */
class ReminderReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {
        val id = intent.data?.schemeSpecificPart ?: return
        if (intent.action != DUE) return
        working(context) { context.companion.reminders.due(id) }
    }
}

/**
 * Hears that the system forgot alarms or that clocks changed, and has all of them set anew. Not exported, which the
 * system's own messages don't need; and what is none of them is not listened to.
 */
class SystemReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {
        if (intent.action !in HEARD) return
        working(context) { context.companion.reminders.planAnew() }
    }

    private companion object {
        val HEARD = setOf(
            Intent.ACTION_BOOT_COMPLETED,
            Intent.ACTION_MY_PACKAGE_REPLACED,
            Intent.ACTION_TIME_CHANGED,
            Intent.ACTION_TIMEZONE_CHANGED,
            AlarmManager.ACTION_SCHEDULE_EXACT_ALARM_PERMISSION_STATE_CHANGED
        )
    }
}

/** Keeps the process until the work is done. */
private fun BroadcastReceiver.working(context: Context, work: suspend () -> Unit) {
    val pending: BroadcastReceiver.PendingResult? = goAsync()
    context.companion.scope.launch {
        try {
            work()
        } finally {
            pending?.finish()
        }
    }
}
