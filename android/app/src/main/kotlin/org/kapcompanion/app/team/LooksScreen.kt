package org.kapcompanion.app.team

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.toldTime
import org.kapcompanion.core.CalendarDay
import org.kapcompanion.core.EmergencyAccessView
import org.kapcompanion.core.LookView
import org.kapcompanion.core.LooksView
import org.kapcompanion.core.toLocalDate

/** Who looked at what. */
@Composable
fun LooksRoute(around: Around) {
    val model: TeamViewModel = viewModel(factory = TeamViewModel.Factory)
    val looks by model.looks.collectAsStateWithLifecycle()
    LooksScreen(looks, around)
}

/** Day by day, who looked at which part and when. What was opened in an emergency says so. */
@Composable
fun LooksScreen(loaded: Loaded<List<LooksView>>, around: Around) {
    Page(stringResource(R.string.looks_title), around) {
        LoadedPart(loaded) { looked ->
            val days = looked.groupBy { it.day }
            Text(stringResource(if (days.isEmpty()) R.string.looks_empty else R.string.looks_means))
            for ((day, looks) in days) {
                Heading(toldCalendarDay(day))
                for (one in looks) Looks(one)
            }
        }
    }
}

@Composable
private fun Looks(one: LooksView) {
    Panel {
        Text(one.by, style = MaterialTheme.typography.titleMedium)
        if (one.role.isNotBlank()) Text(one.role)
        for (first in one.first) Quiet(look(first, one.last.find { it.part == first.part }))
        for (emergency in one.emergencies) Emergency(emergency)
    }
}

@Composable
private fun Emergency(emergency: EmergencyAccessView) {
    Notice(
        stringResource(R.string.looks_emergency, told(emergency.begun), told(emergency.ended ?: emergency.until)),
        isProblem = true
    )
    for (look in emergency.looks) Quiet(look(look, null))
}

/** A part with the time of the first look, and of the last one where it was another. */
@Composable
private fun look(first: LookView, last: LookView?): String {
    val part = stringResource(nameOf(first.part))
    val (from, until) = toldTime(first.at) to last?.let { toldTime(it.at) }
    return if (until == null || until == from) {
        stringResource(R.string.looks_once, part, from)
    } else {
        stringResource(R.string.looks_between, part, from, until)
    }
}

private fun toldCalendarDay(day: CalendarDay): String =
    day.toLocalDate().format(DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL))
