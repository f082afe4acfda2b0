package org.kapcompanion.app.sessions

import androidx.compose.foundation.clickable
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.time.Duration
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.toldDay
import org.kapcompanion.app.ui.toldTime
import org.kapcompanion.core.DosingSessionView
import org.kapcompanion.core.PreparationView
import org.kapcompanion.core.RideStanding
import org.kapcompanion.core.VisitForm
import org.kapcompanion.core.VisitReason
import org.kapcompanion.core.VisitView

/** All sessions. */
@Composable
fun SessionsRoute(around: Around, onGo: (String) -> Unit) {
    val model: SessionsViewModel = viewModel(factory = SessionsViewModel.Factory)
    val sessions by model.sessions.collectAsStateWithLifecycle()
    SessionsScreen(sessions, around, onOpen = { onGo(SessionPlaces.session(it)) })
}

/** Sessions to come and those that are over, and visits. */
@Composable
fun SessionsScreen(loaded: Loaded<Sessions>, around: Around, onOpen: (UUID) -> Unit) {
    Page(stringResource(R.string.sessions_title), around) {
        LoadedPart(loaded) { sessions ->
            if (sessions.ahead.isEmpty() && sessions.behind.isEmpty()) {
                Text(stringResource(R.string.sessions_empty))
            }
            sessions.missing?.let { Notice(stringResource(R.string.sessions_missing_first, sentence(it))) }
            if (sessions.ahead.isNotEmpty()) Heading(stringResource(R.string.sessions_ahead))
            for (line in sessions.ahead) Line(line, isAhead = true, onOpen)
            if (sessions.behind.isNotEmpty()) Heading(stringResource(R.string.sessions_behind))
            for (line in sessions.behind) Line(line, isAhead = false, onOpen)
            if (sessions.visits.isNotEmpty()) Heading(stringResource(R.string.visits_title))
            for (visit in sessions.visits) Visit(visit)
            Quiet(stringResource(R.string.sessions_as_sent))
        }
    }
}

@Composable
private fun Line(line: SessionLine, isAhead: Boolean, onOpen: (UUID) -> Unit) {
    val session = line.session
    Panel(Modifier.clip(MaterialTheme.shapes.medium).clickable { onOpen(session.head.id) }) {
        val title = stringResource(R.string.session_number, session.number.toInt())
        Text(title, style = MaterialTheme.typography.titleMedium)
        Text(dayAndTime(session))
        if (session.place.isNotBlank()) Quiet(session.place)
        Changed(session)
        if (isAhead && session.takesPlace) {
            Quiet(escortWords(line.said))
            val open = line.said?.items?.count { !it.isDone }
            if (open == null || open > 0) Quiet(stringResource(R.string.session_things_open))
        }
    }
}

/** The day, from when to when, and how long. */
@Composable
internal fun dayAndTime(session: DosingSessionView): String = stringResource(
    R.string.session_when,
    toldDay(session.at),
    toldTime(session.at),
    toldTime(session.parts.ends),
    lengthWords(Duration.between(session.at.instant, session.parts.ends.instant))
)

/** So many hours and minutes. */
@Composable
internal fun lengthWords(length: Duration): String {
    val (hours, minutes) = length.toHours().toInt() to (length.toMinutes() % MINUTES).toInt()
    return when {
        hours == 0 -> stringResource(R.string.sessions_length_minutes, minutes)
        minutes == 0 -> stringResource(R.string.sessions_length_hours, hours)
        else -> stringResource(R.string.sessions_length_both, hours, minutes)
    }
}

private const val MINUTES = 60

/** That it was moved or called off, by whom, and why. */
@Composable
internal fun Changed(session: DosingSessionView) {
    if (!session.takesPlace) {
        for (off in session.calledOff) {
            val said = stringResource(R.string.session_called_off, off.by, told(off.at))
            Notice(if (off.reason.isBlank()) said else "$said ${sentence(off.reason)}")
        }
        return
    }
    session.movedFrom?.let { Notice(stringResource(R.string.session_moved, told(it))) }
}

/** Who takes the person home, as it was said. */
@Composable
internal fun escortWords(said: PreparationView?): String = when (said?.ride) {
    null, RideStanding.NOBODY_NAMED -> stringResource(R.string.escort_nobody)
    RideStanding.NOT_CONFIRMED -> stringResource(R.string.escort_open, said.escortName)
    RideStanding.CONFIRMED -> stringResource(R.string.escort_agreed, said.escortName)
}

@Composable
private fun Visit(visit: VisitView) {
    Panel {
        Text(visitReason(visit.purpose), style = MaterialTheme.typography.titleMedium)
        Text(stringResource(R.string.visit_when, toldDay(visit.at), toldTime(visit.at), toldTime(visit.ends)))
        val where = when (visit.way) {
            VisitForm.Video -> stringResource(R.string.visit_video)
            VisitForm.Phone -> stringResource(R.string.visit_phone)
            else -> visit.place
        }
        if (where.isNotBlank()) Quiet(where)
        if (visit.with.isNotBlank()) Quiet(stringResource(R.string.visit_with, visit.with))
        if (!visit.takesPlace) Notice(stringResource(R.string.visit_called_off))
        if (visit.takesPlace) visit.movedFrom?.let { Notice(stringResource(R.string.session_moved, told(it))) }
    }
}

@Composable
private fun visitReason(reason: VisitReason): String = when (reason) {
    is VisitReason.Assessment -> stringResource(R.string.visit_assessment)
    is VisitReason.Preparation -> stringResource(R.string.visit_preparation)
    is VisitReason.Integration -> stringResource(R.string.visit_integration)
    is VisitReason.CheckUp -> stringResource(R.string.visit_check_up)
    is VisitReason.FollowUp -> stringResource(R.string.visit_follow_up)
    is VisitReason.Other -> reason.word
}
