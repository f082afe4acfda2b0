package org.kapcompanion.app.ui

import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import java.time.LocalDate
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle
import org.kapcompanion.app.R
import org.kapcompanion.core.Delivery
import org.kapcompanion.core.DocumentHead
import org.kapcompanion.core.HowFar
import org.kapcompanion.core.LocalMoment
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.toLocalDateTime

/** A day and a time, as this phone's language writes them. */
fun told(moment: LocalMoment): String =
    moment.toLocalDateTime().format(DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT))

/** A day of the week with its date. */
fun toldDay(moment: LocalMoment): String =
    moment.toLocalDateTime().format(DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL))

/** A time of the day. */
fun toldTime(moment: LocalMoment): String =
    moment.toLocalDateTime().format(DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT))

/** The day of the calendar that a moment was on. */
fun dayOf(moment: LocalMoment): LocalDate = moment.toLocalDateTime().toLocalDate()

/** Who can read something. */
@Composable
fun readersOf(head: DocumentHead, visibility: WhoReads): String = when {
    head.isShared && visibility == WhoReads.TALK_IN_SESSION -> stringResource(R.string.readers_talk)
    head.isShared -> stringResource(R.string.readers_team)
    else -> stringResource(R.string.readers_me)
}

/** How far something got. A person decides by it whether to wait or to call: it says what is known, and no more. */
@Composable
fun whereItIs(delivery: Delivery): String = when (delivery) {
    is Delivery.OnlyYours -> stringResource(R.string.where_only_yours)

    is Delivery.TakenBack -> when (delivery.reached) {
        HowFar.NOBODY, HowFar.CLINIC -> stringResource(R.string.where_taken_back_unopened)
        HowFar.OPENED_BEFORE, HowFar.OPENED -> stringResource(R.string.where_taken_back_opened)
        HowFar.STILL_SHOWN -> stringResource(R.string.where_still_shown)
    }

    is Delivery.OnThisDevice -> stringResource(R.string.where_on_this_phone)

    is Delivery.NeverSent -> stringResource(R.string.where_never_sent)

    is Delivery.Sent -> stringResource(R.string.where_sent)

    is Delivery.Delivered -> stringResource(R.string.where_delivered, delivery.clinic, told(delivery.at))

    is Delivery.Opened -> stringResource(R.string.where_opened, delivery.by, told(delivery.at))
}

/** A day of the calendar. */
fun toldDate(day: LocalDate): String = day.format(DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG))
