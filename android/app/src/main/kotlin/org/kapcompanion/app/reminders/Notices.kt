package org.kapcompanion.app.reminders

import android.Manifest.permission.POST_NOTIFICATIONS
import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager.PERMISSION_GRANTED
import android.os.Build
import androidx.annotation.StringRes
import androidx.core.content.getSystemService
import org.kapcompanion.app.MainActivity
import org.kapcompanion.app.R
import org.kapcompanion.core.ReminderTopic

/** Sorts of reminders, which a person can tell apart in the phone's own settings. Their names say nothing of why. */
internal enum class Sort(val id: String, @StringRes val title: Int, val importance: Int) {
    TIMES("times", R.string.reminders_sort_times, NotificationManager.IMPORTANCE_HIGH),
    DAYS("days", R.string.reminders_sort_days, NotificationManager.IMPORTANCE_DEFAULT),
    QUESTIONS("questions", R.string.reminders_sort_questions, NotificationManager.IMPORTANCE_DEFAULT),
    CHECK_INS("check_ins", R.string.reminders_sort_check_ins, NotificationManager.IMPORTANCE_LOW)
}

/** The sort of a topic. */
internal fun sortOf(topic: ReminderTopic?): Sort = when (topic) {
    ReminderTopic.FASTING, ReminderTopic.LEAVING -> Sort.TIMES

    ReminderTopic.DAY_BEFORE, ReminderTopic.PREPARATION, ReminderTopic.EVENING, ReminderTopic.DAY_AFTER,
    ReminderTopic.INTEGRATION, null -> Sort.DAYS

    ReminderTopic.MEASURE, ReminderTopic.FOLLOW_UP -> Sort.QUESTIONS

    ReminderTopic.CHECK_IN -> Sort.CHECK_INS
}

/** What the system shows. It says that there is a reminder, and its words only where the person chose that. */
internal class Notices(private val context: Context) {
    private val manager: NotificationManager get() = checkNotNull(context.getSystemService())

    /** Makes the sorts known to the phone's settings. */
    fun prepare() {
        manager.createNotificationChannels(
            Sort.entries.map { sort ->
                NotificationChannel(sort.id, context.getString(sort.title), sort.importance).apply {
                    lockscreenVisibility = Notification.VISIBILITY_PRIVATE
                }
            }
        )
    }

    /** Shows one. [words] are those that may stand on a lock screen. */
    fun show(id: String, topic: ReminderTopic?, words: String?) {
        prepare()
        if (!isAllowed()) return
        val sort = sortOf(topic)
        val notice = notice(sort, words)
            .setContentIntent(open())
            .setAutoCancel(true)
            .setPublicVersion(notice(sort, words).build())
            .build()
        manager.notify(id, 0, notice)
    }

    /** Takes away all that is shown. */
    fun clear() = manager.cancelAll()

    private fun notice(sort: Sort, words: String?) = Notification.Builder(context, sort.id)
        .setSmallIcon(R.drawable.ic_notice)
        .setContentTitle(words ?: context.getString(R.string.reminders_neutral))
        .setCategory(Notification.CATEGORY_REMINDER)
        .setVisibility(Notification.VISIBILITY_PRIVATE)

    private fun open(): PendingIntent {
        val intent = Intent(context, MainActivity::class.java).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK)
        return PendingIntent.getActivity(context, 0, intent, PendingIntent.FLAG_IMMUTABLE)
    }

    private fun isAllowed() = Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU ||
        context.checkSelfPermission(POST_NOTIFICATIONS) == PERMISSION_GRANTED
}
