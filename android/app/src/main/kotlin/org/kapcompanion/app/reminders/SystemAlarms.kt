package org.kapcompanion.app.reminders

import android.app.AlarmManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.os.Build
import androidx.core.content.getSystemService
import org.kapcompanion.core.ReminderView

/** How late a reminder may be whose minutes don't matter: the system wakes the phone for several things at once. */
internal const val WINDOW_MS = 15 * 60 * 1000L

/** What an alarm calls [ReminderReceiver] with. */
internal const val DUE = "org.kapcompanion.app.REMINDER_DUE"

/** Which of a reminder's alarms it is: at about its time, or to the minute. Whichever goes off first is the one. */
private const val ABOUT = 0
private const val EXACTLY = 1

/**
 * The system's alarms: one for each reminder, and a second one for what is to be said to the minute. An alarm carries the
 * reminder's name and nothing else.
 */
internal class SystemAlarms(private val context: Context) {
    private val manager: AlarmManager get() = checkNotNull(context.getSystemService())

    /** Whether the person lets the app say something to the minute; asked for by the system's own page. */
    fun mayBeExact(): Boolean = Build.VERSION.SDK_INT < Build.VERSION_CODES.S || manager.canScheduleExactAlarms()

    /** Sets it; one of the same name is replaced. */
    fun set(reminder: ReminderView) {
        val at = reminder.at.instant.toEpochMilli()
        val whom = checkNotNull(intent(reminder.id, ABOUT, PendingIntent.FLAG_UPDATE_CURRENT))
        if (!reminder.exact) return manager.setWindow(AlarmManager.RTC_WAKEUP, at, WINDOW_MS, whom)
        // A window would wait for the end of the phone's deep sleep, which can be hours. This one is set in any case:
        // where the person takes the permission away, Android cancels what is exact and tells nobody.
        manager.setAndAllowWhileIdle(AlarmManager.RTC_WAKEUP, at, whom)
        try {
            if (!mayBeExact()) return
            val exactly = checkNotNull(intent(reminder.id, EXACTLY, PendingIntent.FLAG_UPDATE_CURRENT))
            manager.setExactAndAllowWhileIdle(AlarmManager.RTC_WAKEUP, at, exactly)
        } catch (_: SecurityException) {
            // It was taken away in this moment.
        }
    }

    /** Cancels it. */
    fun cancel(id: String) {
        for (which in listOf(ABOUT, EXACTLY)) {
            val whom = intent(id, which, PendingIntent.FLAG_NO_CREATE) ?: continue
            manager.cancel(whom)
            whom.cancel()
        }
    }

    private fun intent(id: String, which: Int, flag: Int): PendingIntent? {
        val name = Uri.fromParts("reminder", id, null)
        val due = Intent(context, ReminderReceiver::class.java).setAction(DUE).setData(name)
        return PendingIntent.getBroadcast(context, which, due, flag or PendingIntent.FLAG_IMMUTABLE)
    }
}
