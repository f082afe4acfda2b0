package org.kapcompanion.app.reminders

import android.Manifest.permission.POST_NOTIFICATIONS
import android.app.AlarmManager
import android.app.Notification
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Intent
import android.os.Build
import androidx.core.content.getSystemService
import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import java.time.Duration
import java.time.ZoneId
import java.time.ZonedDateTime
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.kapcompanion.app.CompanionApp
import org.kapcompanion.app.Phone
import org.kapcompanion.app.doing
import org.kapcompanion.app.waitUntil
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.ReminderAbout
import org.kapcompanion.core.ReminderChanges
import org.kapcompanion.core.ReminderRequest
import org.kapcompanion.core.ReminderTopic
import org.kapcompanion.core.ReminderView
import org.kapcompanion.core.toCalendarDay
import org.kapcompanion.core.toLocalMoment
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowAlarmManager

/** The alarms of a plan that the test writes: which are set, how, and which are gone. */
@RunWith(AndroidJUnit4::class)
class AlarmsTest {
    @get:Rule val phone = Phone()

    private val app: CompanionApp = ApplicationProvider.getApplicationContext()
    private val alarms = shadowOf(checkNotNull(app.getSystemService<AlarmManager>()))
    private val notices = shadowOf(checkNotNull(app.getSystemService<NotificationManager>()))
    private var now = ZonedDateTime.of(2027, 5, 3, 8, 0, 0, 0, ZoneId.of("America/Denver"))
    private var plan = emptyList<ReminderView>()
    private var asked = 0
    private var failsWith: CompanionException? = null

    @Before
    fun planByHand() {
        shadowOf(app).grantPermissions(POST_NOTIFICATIONS)
        app.clock = { now }
        app.planner = ReminderPlanner(::changes)
    }

    /** As the core's planner does it: what is past is not planned, and what is scheduled as it is stays. */
    private fun changes(request: ReminderRequest): ReminderChanges {
        asked += 1
        failsWith?.let { throw it }
        val planned = plan.filter { it.at.instant > request.now.instant }
        val kept = request.scheduled.filter { one ->
            planned.any { it.id == one.id && it.fingerprint == one.fingerprint }
        }
        return ReminderChanges(
            toCancel = request.scheduled.map { it.id } - kept.map { it.id }.toSet(),
            toSchedule = planned.filter { one -> kept.none { it.id == one.id } },
            more = false,
            zoneUnknown = false
        )
    }

    private fun reminder(id: Int, hours: Long, topic: ReminderTopic = ReminderTopic.CHECK_IN, exact: Boolean = false) =
        ReminderView(
            id = "%032x".format(id),
            at = now.plusHours(hours).toOffsetDateTime().toLocalMoment(),
            day = now.toLocalDate().toCalendarDay(),
            topic = topic,
            rule = "rule",
            about = ReminderAbout.Programme,
            exact = exact,
            words = "Stop eating now, your ketamine session is at noon",
            lockScreen = "You have a reminder.",
            fingerprint = "%032x".format(id * 31 + hours)
        )

    private fun set(): Map<String, Long> = alarms.scheduledAlarms.associate { alarm ->
        val intent = alarm.intent
        checkNotNull(intent.data).schemeSpecificPart to alarm.triggerAtMs
    }

    private fun planned(): Map<String, Long> = plan.associate { it.id to it.at.instant.toEpochMilli() }

    private fun turnOn() = app.doing { app.reminders.turnOn() }

    /** The system forgets alarms when the phone is off, and where its person stops the app by force. */
    private fun forgetAlarms() = alarms.scheduledAlarms.toList().forEach {
        app.getSystemService<AlarmManager>()?.cancel(it.whom)
    }

    private fun say(action: String) {
        val before = asked
        app.sendBroadcast(Intent(action).setPackage(app.packageName))
        waitUntil { asked > before }
        app.doing { app.reminders.plan() }
    }

    @Test
    fun `nothing is set before the person turns it on, and nothing after they turn it off`() {
        plan = listOf(reminder(1, 2), reminder(2, 30))
        app.doing { app.reminders.plan() }
        assertEquals(emptyMap<String, Long>(), set())
        turnOn()
        assertEquals(planned(), set())
        app.doing { app.reminders.turnOff() }
        assertEquals(emptyMap<String, Long>(), set())
    }

    @Test
    fun `what is planned no more is canceled, what moved is set anew, and the rest is left alone`() {
        plan = listOf(reminder(1, 2), reminder(2, 30), reminder(3, 50))
        turnOn()
        val kept = alarms.scheduledAlarms.single { it.triggerAtMs == planned().getValue("%032x".format(3)) }
        plan = listOf(reminder(2, 31), reminder(3, 50))
        app.doing { app.reminders.plan() }
        assertEquals(planned(), set())
        assertTrue(alarms.scheduledAlarms.any { it === kept })
    }

    @Test
    fun `only the start of fasting is exact, and only where the phone allows it`() {
        ShadowAlarmManager.setCanScheduleExactAlarms(true)
        plan = listOf(reminder(1, 2, ReminderTopic.FASTING, exact = true), reminder(2, 30))
        turnOn()
        val (fasting, others) = alarms.scheduledAlarms.partition { it.triggerAtMs == planned().values.min() }
        assertEquals(setOf(ShadowAlarmManager.WINDOW_EXACT, ShadowAlarmManager.WINDOW_HEURISTIC), windows(fasting))
        assertTrue(fasting.all { it.isAllowWhileIdle })
        val other = others.single()
        assertEquals(WINDOW_MS, other.windowLengthMs)
        assertFalse(other.isAllowWhileIdle)
    }

    @Test
    fun `once the phone allows it no more, the start of fasting is still said`() {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.S) return
        ShadowAlarmManager.setCanScheduleExactAlarms(true)
        plan = listOf(reminder(1, 2, ReminderTopic.FASTING, exact = true))
        turnOn()
        // The system takes the exact ones away with the permission, ends the app, and tells nobody.
        ShadowAlarmManager.setCanScheduleExactAlarms(false)
        alarms.scheduledAlarms.filter { it.windowLengthMs == ShadowAlarmManager.WINDOW_EXACT }
            .forEach { app.getSystemService<AlarmManager>()?.cancel(it.whom) }
        assertEquals(planned(), set())
        assertEquals(setOf(ShadowAlarmManager.WINDOW_HEURISTIC), windows(alarms.scheduledAlarms))
        assertTrue(alarms.scheduledAlarms.single().isAllowWhileIdle)
        assertFalse(app.reminders.mayBeExact())
        now = now.plusHours(2).plusMinutes(1)
        due(1)
        assertEquals(1, notices.size())
    }

    private fun windows(these: List<ShadowAlarmManager.ScheduledAlarm>) = these.map { it.windowLengthMs }.toSet()

    @Test
    fun `of the two alarms of one reminder whichever comes first shows it, and the other one is gone`() {
        ShadowAlarmManager.setCanScheduleExactAlarms(true)
        plan = listOf(reminder(1, 2, ReminderTopic.FASTING, exact = true))
        turnOn()
        assertEquals(2, alarms.scheduledAlarms.size)
        now = now.plusHours(2).plusMinutes(1)
        due(1)
        assertEquals(emptyMap<String, Long>(), set())
        app.getSystemService<NotificationManager>()?.cancelAll()
        // It was on its way already.
        app.doing { app.reminders.due("%032x".format(1)) }
        assertEquals(0, notices.size())
    }

    @Test
    fun `an alarm of which a full disk kept no note is shown all the same`() {
        plan = listOf(reminder(1, 2), reminder(2, 30))
        turnOn()
        now = now.plusHours(2).plusMinutes(1)
        // A new process, which knows that reminders are on and not which were set.
        app.doing { withContext(Dispatchers.IO) { ReminderFile(app).write(ReminderBook(isOn = true)) } }
        val begun = ReminderAlarms(app, ReminderFile(app), app.scope, { now }, ReminderPlanner(::changes))
        app.doing { begun.due("%032x".format(1)) }
        assertEquals("You have a reminder.", title())
        app.getSystemService<NotificationManager>()?.cancelAll()
        app.doing { begun.due("%032x".format(1)) }
        failsWith = CompanionException.VaultLocked()
        app.doing { begun.due("%032x".format(77)) }
        assertEquals(0, notices.size())
    }

    @Test
    fun `after a reboot and after an update all are set once more`() =
        areSetOnceMoreAfter(Intent.ACTION_BOOT_COMPLETED, Intent.ACTION_MY_PACKAGE_REPLACED)

    @Test
    fun `after a change of clock or zone all are set once more`() =
        areSetOnceMoreAfter(Intent.ACTION_TIMEZONE_CHANGED, Intent.ACTION_TIME_CHANGED)

    private fun areSetOnceMoreAfter(vararg actions: String) {
        plan = listOf(reminder(1, 2), reminder(2, 30))
        turnOn()
        for (action in actions) {
            forgetAlarms()
            assertEquals(emptyMap<String, Long>(), set())
            say(action)
            assertEquals(action, planned(), set())
        }
    }

    @Test
    fun `a phone that is turned off for two days shows nothing that is past`() {
        plan = listOf(reminder(1, 2), reminder(2, 30), reminder(3, 72))
        turnOn()
        forgetAlarms()
        now = now.plusDays(2)
        say(Intent.ACTION_BOOT_COMPLETED)
        assertEquals(planned().filterKeys { it == "%032x".format(3) }, set())
        assertEquals(0, notices.size())
    }

    @Test
    fun `a clock that is set back brings back what is to come again, and shows nothing twice at once`() {
        plan = listOf(reminder(1, 2), reminder(2, 30))
        turnOn()
        now = now.plusHours(3)
        due(1)
        assertEquals(setOf("%032x".format(2)), set().keys)
        now = now.minusHours(2)
        say(Intent.ACTION_TIME_CHANGED)
        assertEquals(planned(), set())
        assertEquals(1, notices.size())
    }

    @Test
    fun `what comes from elsewhere, or under another name, plans nothing and shows nothing`() {
        plan = listOf(reminder(1, 2))
        turnOn()
        val before = asked
        SystemReceiver().onReceive(app, Intent("org.example.BOOT"))
        ReminderReceiver().onReceive(app, Intent(DUE))
        ReminderReceiver().onReceive(app, Intent("org.example.DUE"))
        app.doing { }
        assertEquals(before, asked)
        app.doing { app.reminders.due("%032x".format(77)) }
        assertEquals(0, notices.size())
        for (receiver in listOf(ReminderReceiver::class.java, SystemReceiver::class.java)) {
            val name = android.content.ComponentName(app, receiver)
            assertFalse("$receiver", app.packageManager.getReceiverInfo(name, 0).exported)
        }
    }

    private fun due(id: Int) {
        val alarm = alarms.scheduledAlarms.first {
            it.intent.dataString == "reminder:%032x".format(id)
        }
        val before = asked
        alarms.fireAlarm(alarm)
        waitUntil { asked > before }
        app.doing { app.reminders.plan() }
    }

    @Test
    fun `a notification says that there is a reminder, and nothing else, wherever one looks in it`() {
        plan = listOf(reminder(1, 2, ReminderTopic.FASTING, exact = true), reminder(2, 3))
        turnOn()
        now = now.plusHours(2).plusMinutes(1)
        due(1)
        val shown = notices.allNotifications.single()
        assertEquals(Notification.VISIBILITY_PRIVATE, shown.visibility)
        assertEquals("You have a reminder.", shown.extras.getString(Notification.EXTRA_TITLE))
        val public = checkNotNull(shown.publicVersion)
        assertEquals("You have a reminder.", public.extras.getString(Notification.EXTRA_TITLE))
        assertEquals("times", shown.channelId)
        assertEquals(
            listOf("times", "days", "questions", "check_ins").toSet(),
            notices.notificationChannels.map {
                (it as android.app.NotificationChannel).id
            }.toSet()
        )
        for (said in listOf(everything(shown), everything(public), everythingSet())) {
            for (word in listOf("eating", "ketamine", "session", "FASTING", "rule")) {
                assertFalse("$word in $said", said.contains(word, ignoreCase = true))
            }
        }
    }

    private fun everything(notice: Notification): String {
        val opened = shadowOf(notice.contentIntent ?: return "$notice ${all(notice.extras)}").savedIntent
        return "$notice ${all(notice.extras)} $opened ${all(opened.extras)}"
    }

    private fun everythingSet() = alarms.scheduledAlarms.joinToString { alarm ->
        alarm.intent.let { "$it ${all(it.extras)}" }
    }

    @Suppress("DEPRECATION")
    private fun all(extras: android.os.Bundle?) = extras?.keySet().orEmpty().joinToString { "$it=${extras?.get(it)}" }

    @Test
    fun `a person who chose so reads its words on the lock screen`() {
        plan = listOf(reminder(1, 2).copy(lockScreen = "How are you right now?"))
        turnOn()
        now = now.plusHours(2).plusMinutes(1)
        due(1)
        assertEquals("How are you right now?", title())
        // It lies on no disk between being planned and being shown.
        val kept = app.noBackupFilesDir.walk().filter { it.isFile && "reminder" in it.name }.toList()
        assertTrue(kept.isNotEmpty() && kept.none { "How are" in it.readText() })
    }

    @Test
    fun `what was done meanwhile is not shown, and what can't be looked up is`() {
        plan = listOf(reminder(1, 2), reminder(2, 3))
        turnOn()
        now = now.plusHours(2).plusMinutes(1)
        plan = plan.drop(1)
        due(1)
        assertEquals(0, notices.size())
        failsWith = CompanionException.VaultLocked()
        now = now.plusHours(1)
        due(2)
        assertEquals("You have a reminder.", title())
    }

    private fun title() = notices.allNotifications.single().extras.getString(Notification.EXTRA_TITLE)

    @Test
    fun `a record that can't be read leaves the alarms as they are`() {
        plan = listOf(reminder(1, 2), reminder(2, 30))
        turnOn()
        failsWith = CompanionException.VaultLocked()
        plan.let { app.doing { app.reminders.planAnew() } }
        assertEquals(planned(), set())
    }

    @Test
    fun `an app that was stopped by force sets them when it is next opened`() {
        plan = listOf(reminder(1, 2), reminder(2, 30))
        turnOn()
        forgetAlarms()
        // A new process knows what was kept, and not what the system still has.
        val begun = ReminderAlarms(app, ReminderFile(app), app.scope, { now }, ReminderPlanner(::changes))
        app.doing { begun.plan() }
        assertEquals(planned(), set())
    }

    @Test
    fun `what was shown is told to the planner for a week`() {
        plan = listOf(reminder(1, 2), reminder(2, 300))
        turnOn()
        now = now.plusHours(2).plusMinutes(1)
        due(1)
        var told = emptyList<String>()
        app.planner = ReminderPlanner { request -> changes(request).also { told = request.shown.map { it.id } } }
        app.doing { app.reminders.plan() }
        assertEquals(listOf("%032x".format(1)), told)
        now = now.plus(Duration.ofDays(9))
        app.doing { app.reminders.plan() }
        assertEquals(emptyList<String>(), told)
    }
}

@Suppress("DEPRECATION")
private val ShadowAlarmManager.ScheduledAlarm.whom: PendingIntent get() = checkNotNull(operation)

private val ShadowAlarmManager.ScheduledAlarm.intent: Intent get() = shadowOf(whom).savedIntent
