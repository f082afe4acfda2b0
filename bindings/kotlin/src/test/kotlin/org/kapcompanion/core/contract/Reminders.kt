package org.kapcompanion.core.contract

import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import java.time.temporal.ChronoUnit
import kotlinx.serialization.json.JsonObject
import org.junit.Assert.assertEquals
import org.kapcompanion.core.LocalMoment
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.ReminderAbout
import org.kapcompanion.core.ReminderRequest

/** The reminders of a session, as the clock on the wall shows them: days before the session, and the hour. */
internal suspend fun mustRemind(record: PhoneRecord, step: JsonObject) {
    val zone = ZoneId.of(step.text("zone"))
    val at = { field: String -> Instant.ofEpochMilli(step.text(field).toLong()) }
    val request = ReminderRequest(zone.id, LocalMoment(at("now_ms"), 0), shown = emptyList(), scheduled = emptyList())
    val session = LocalDate.ofInstant(at("session_ms"), zone)
    val hour = DateTimeFormatter.ofPattern("HH:mm")
    val local = record.reminders(request).toSchedule
        .filter { it.about is ReminderAbout.DosingSession }
        .map { reminder ->
            val wall = reminder.at.instant.atZone(zone)
            "${ChronoUnit.DAYS.between(wall.toLocalDate(), session)} days before at ${hour.format(wall)}"
        }
    val wanted = step.texts("local")
    assertEquals("$step", wanted, local.take(wanted.size))
}
