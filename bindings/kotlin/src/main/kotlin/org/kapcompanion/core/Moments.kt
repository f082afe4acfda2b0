package org.kapcompanion.core

import java.time.LocalDate
import java.time.LocalDateTime
import java.time.OffsetDateTime
import java.time.ZoneOffset

/** What the clock on the wall showed where it was written: what was evening there stays evening. */
public fun LocalMoment.toLocalDateTime(): LocalDateTime =
    LocalDateTime.ofInstant(instant, ZoneOffset.UTC).plusMinutes(offsetMinutes.toLong())

/** The same instant with the same clock on the wall, to the millisecond; seconds of an offset are left out. */
public fun OffsetDateTime.toLocalMoment(): LocalMoment = LocalMoment(toInstant(), offset.totalSeconds / 60)

/**
 * The same day.
 *
 * @throws java.time.DateTimeException where the calendar has no such day; a record has none of those.
 */
public fun CalendarDay.toLocalDate(): LocalDate = LocalDate.of(year, month.toInt(), day.toInt())

/** The same day. A record takes the years 0 to 9999. */
public fun LocalDate.toCalendarDay(): CalendarDay = CalendarDay(year, monthValue.toUByte(), dayOfMonth.toUByte())
