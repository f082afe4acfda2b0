package org.kapcompanion.app.reminders

import android.app.AlarmManager
import android.content.Intent
import androidx.core.content.getSystemService
import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import java.time.Instant
import java.time.LocalTime
import java.time.ZoneId
import java.time.ZonedDateTime
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.kapcompanion.app.Clinic
import org.kapcompanion.app.CompanionApp
import org.kapcompanion.app.Phone
import org.kapcompanion.app.doing
import org.kapcompanion.app.pairWith
import org.kapcompanion.app.waitUntil
import org.kapcompanion.core.ReminderRequest
import org.kapcompanion.core.toLocalMoment
import org.robolectric.Shadows.shadowOf

/** The alarms of a session that a real clinic planned, by the core's own planner, as clocks and zones change. */
@RunWith(AndroidJUnit4::class)
class ClockTest {
    private val phone = Phone()
    private val clinic = Clinic()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(clinic).around(phone)

    private val app: CompanionApp = ApplicationProvider.getApplicationContext()
    private val alarms = shadowOf(checkNotNull(app.getSystemService<AlarmManager>()))
    private lateinit var now: ZonedDateTime

    private fun sessionAfterAChange(zone: String) {
        app.pairWith(clinic)
        val session = clinic.planAfterClockChange(zone)
        app.doing { app.door.use { it.sync() } }
        now = session.before.atZone(ZoneId.of(zone))
        app.clock = { now }
        app.doing { app.reminders.turnOn() }
    }

    private fun set(): List<Instant> = alarms.scheduledAlarms.map { Instant.ofEpochMilli(it.triggerAtMs) }.sorted()

    /** What a phone that has scheduled nothing would have to. */
    private fun planned(): List<Instant> = app.doing {
        val moment = now.toOffsetDateTime().toLocalMoment()
        val request = ReminderRequest(now.zone.id, moment, emptyList(), emptyList())
        app.door.use { it.reminders(request) }.toSchedule.map { it.at.instant }.sorted()
    }

    /** The evening reminders before and after the change keep their hour, and are another hour apart by the sun. */
    private fun overTheNextChangeOf(zone: String) {
        sessionAfterAChange(zone)
        assertEquals(planned(), set())
        val evenings = set().map { it.atZone(now.zone) }.filter { it.toLocalTime() == LocalTime.of(18, 0) }
        val (before, after) = evenings.partition { it.offset == now.offset }
        assertTrue("$evenings", before.isNotEmpty() && after.isNotEmpty())
        val change = ZoneId.of(zone).rules.nextTransition(now.toInstant())
        assertEquals(change.offsetAfter, after.first().offset)
        assertTrue(change.instant in before.last().toInstant()..after.first().toInstant())
    }

    @Test
    fun `a reminder keeps to the clock on the wall over a change of clocks in the north`() {
        overTheNextChangeOf("America/New_York")
    }

    @Test
    fun `and in the south, where they change the other way`() {
        overTheNextChangeOf("Australia/Sydney")
    }

    @Test
    fun `a flight across the date line moves each reminder to the clock of where the person is`() {
        sessionAfterAChange("Pacific/Auckland")
        val before = set()
        val hours = before.map { it.atZone(now.zone).toLocalTime() }.toSet()
        // Hours of flight; the calendar there is a day behind.
        val landed = now.plusHours(9).withZoneSameInstant(ZoneId.of("Pacific/Honolulu"))
        assertNotEquals(now.plusHours(9).toLocalDate(), landed.toLocalDate())
        now = landed
        app.sendBroadcast(Intent(Intent.ACTION_TIMEZONE_CHANGED).setPackage(app.packageName))
        waitUntil { set() != before }
        app.doing { app.reminders.plan() }
        assertEquals(planned(), set())
        val there = set().map { it.atZone(landed.zone).toLocalTime() }
        assertTrue("$hours $there", there.count { it in hours } > there.size / 2)
        assertTrue(set().all { it > landed.toInstant() })
    }
}
