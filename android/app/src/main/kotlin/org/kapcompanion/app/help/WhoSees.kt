package org.kapcompanion.app.help

import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import java.time.DayOfWeek
import java.time.LocalTime
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle
import java.time.format.TextStyle
import java.util.Locale
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.app.ui.whereItIs
import org.kapcompanion.core.Delivery
import org.kapcompanion.core.HoursView
import org.kapcompanion.core.PairingStanding
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.ReadingHoursNowView

private const val MINUTES_OF_A_DAY = 24 * 60

/** What can be said of who at the clinic reads what is sent to it. */
sealed interface Readership {
    /** Nothing goes from this phone to a clinic. */
    data object Nobody : Readership

    /** It is paired, and the clinic has not said who reads, or when. */
    data object NotSaid : Readership

    /** The clinic has said it. */
    data class Said(val hours: ReadingHoursNowView) : Readership
}

/** What the record says of it. */
suspend fun readershipOf(record: PhoneRecord): Readership {
    if (record.status().pairing !is PairingStanding.Paired) return Readership.Nobody
    val hours = record.readingHoursNow() ?: return Readership.NotSaid
    val isWhole = hours.responsible.isNotBlank() && hours.zone.isNotBlank() && hours.week.any { it.hours.isNotEmpty() }
    return if (isWhole) Readership.Said(hours) else Readership.NotSaid
}

/** Whether anybody at the clinic will see something, and when: never more than is known. */
@Composable
fun whoSees(delivery: Delivery, readership: Readership): String = when {
    readership is Readership.Nobody -> stringResource(R.string.who_sees_nobody)

    delivery is Delivery.OnlyYours || delivery is Delivery.TakenBack -> stringResource(R.string.who_sees_not_shared)

    else -> {
        val where = sentence(stringResource(R.string.entry_where, whereItIs(delivery)))
        "$where ${whoReads(readership)}"
    }
}

/** Who at the clinic reads what arrives, and when. */
@Composable
fun whoReads(readership: Readership): String = when (readership) {
    is Readership.Nobody -> stringResource(R.string.who_sees_nobody)

    is Readership.NotSaid -> stringResource(R.string.who_sees_not_said)

    is Readership.Said -> {
        val hours = readership.hours
        stringResource(R.string.who_sees_said, hours.responsible, week(hours), hours.zone)
    }
}

/** `Monday 9:00 AM–12:30 PM; Tuesday …`; days on which nobody reads are left out. */
private fun week(hours: ReadingHoursNowView): String = hours.week.filter { it.hours.isNotEmpty() }.joinToString("; ") {
    val day = DayOfWeek.of(it.weekday.toInt()).getDisplayName(TextStyle.FULL, Locale.getDefault())
    "$day ${it.hours.joinToString(", ", transform = ::span)}"
}

private fun span(hours: HoursView): String = "${time(hours.fromMinute)}–${time(hours.untilMinute)}"

private fun time(minute: UShort): String = LocalTime.MIN.plusMinutes((minute.toInt() % MINUTES_OF_A_DAY).toLong())
    .format(DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT))
