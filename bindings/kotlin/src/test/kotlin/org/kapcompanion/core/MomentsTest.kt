package org.kapcompanion.core

import java.time.Instant
import java.time.LocalDate
import java.time.LocalDateTime
import java.time.OffsetDateTime
import org.junit.Assert.assertEquals
import org.junit.Test

class MomentsTest {
    @Test
    fun `a moment shows the clock of whoever wrote it`() {
        val evening = LocalMoment(Instant.parse("2026-03-08T03:30:00Z"), -300)
        assertEquals(LocalDateTime.parse("2026-03-07T22:30:00"), evening.toLocalDateTime())
    }

    @Test
    fun `any offset that a record holds can be shown`() {
        for (offset in listOf(-1439, 1439)) {
            val shown = LocalMoment(Instant.EPOCH, offset).toLocalDateTime()
            assertEquals(LocalDateTime.parse("1970-01-01T00:00:00").plusMinutes(offset.toLong()), shown)
        }
    }

    @Test
    fun `a time with its offset becomes a moment and keeps its clock`() {
        val time = OffsetDateTime.parse("2026-07-01T08:15:00.250+05:45")
        val moment = time.toLocalMoment()
        assertEquals(time.toInstant(), moment.instant)
        assertEquals(time.toLocalDateTime(), moment.toLocalDateTime())
    }

    @Test
    fun `a day goes over and back`() {
        val day = LocalDate.of(2028, 2, 29)
        assertEquals(CalendarDay(2028, 2u, 29u), day.toCalendarDay())
        assertEquals(day, day.toCalendarDay().toLocalDate())
    }
}
