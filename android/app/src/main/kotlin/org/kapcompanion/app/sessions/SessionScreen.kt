package org.kapcompanion.app.sessions

import androidx.compose.foundation.clickable
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.style.TextOverflow
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Places
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.readersOf
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.toldTime
import org.kapcompanion.core.DosingSessionView
import org.kapcompanion.core.EntryView
import org.kapcompanion.core.IntentionView
import org.kapcompanion.core.MedicineRoute
import org.kapcompanion.core.MedicineShownView

private const val PREVIEW_LINES = 3

/** One session. */
@Composable
fun SessionRoute(id: UUID, around: Around, onGo: (String) -> Unit) {
    val model: SessionsViewModel = viewModel(factory = SessionsViewModel.Factory)
    val session by remember(id) { model.session(id) }.collectAsStateWithLifecycle(Loaded.NotYet)
    SessionScreen(session, around, onGo)
}

/** One session: when and where, who is there, what is settled, and what was written around it. */
@Composable
fun SessionScreen(loaded: Loaded<SessionPage>, around: Around, onGo: (String) -> Unit) {
    Page(stringResource(R.string.session_title), around) {
        LoadedPart(loaded) { page ->
            val session = page.line.session
            Heading(stringResource(R.string.session_number, session.number.toInt()))
            Changed(session)
            Where(session)
            Phases(session)
            if (session.takesPlace) {
                Panel {
                    Text(escortWords(page.line.said))
                    if (page.isAhead) {
                        MainButton(stringResource(R.string.session_prepare), {
                            onGo(SessionPlaces.prepare(session.head.id))
                        })
                    }
                }
            }
            Intentions(page.intentions)
            Medicine(page.medicine)
            Written(page.written, onGo)
        }
    }
}

@Composable
private fun Where(session: DosingSessionView) {
    Panel {
        Text(dayAndTime(session), style = MaterialTheme.typography.bodyLarge)
        for (words in listOf(session.place, session.address, session.contact)) {
            if (words.isNotBlank()) Text(words)
        }
        if (session.therapist.isNotBlank()) Quiet(stringResource(R.string.session_therapist, session.therapist))
        if (session.medicalProvider.isNotBlank()) {
            Quiet(stringResource(R.string.session_medical_provider, session.medicalProvider))
        }
        if (session.note.isNotBlank()) Text(session.note)
    }
}

@Composable
private fun Phases(session: DosingSessionView) {
    val parts = session.parts
    Panel {
        Heading(stringResource(R.string.session_parts))
        Text(stringResource(R.string.session_arrives, toldTime(parts.arrives)))
        Text(stringResource(R.string.session_medicine, toldTime(parts.medicine)))
        Text(stringResource(R.string.session_coming_back, toldTime(parts.comingBack)))
        Text(stringResource(R.string.session_grounding, toldTime(parts.grounding)))
        Text(stringResource(R.string.session_ends, toldTime(parts.ends)))
        Quiet(stringResource(R.string.session_parts_mean))
    }
}

@Composable
internal fun Intentions(intentions: List<IntentionView>) {
    if (intentions.isEmpty()) return
    Panel {
        Heading(stringResource(R.string.intentions_title))
        for (intention in intentions) {
            if (intention.text.isNotBlank()) Text(intention.text)
            if (intention.values.isNotEmpty()) Quiet(intention.values.joinToString(" · "))
            Quiet(stringResource(R.string.entry_readers, readersOf(intention.head, intention.visibility)))
        }
    }
}

/** What the clinic chose to show of the medicine, in its words. */
@Composable
private fun Medicine(shown: List<MedicineShownView>) {
    for (one in shown) {
        Panel {
            Heading(stringResource(R.string.session_medicine_shown))
            val route = one.route
            if (route != null) Text(routeWords(route))
            if (one.dose.isNotBlank()) Text(one.dose)
            Quiet(stringResource(R.string.session_medicine_by, one.by, told(one.at)))
        }
    }
}

@Composable
private fun routeWords(route: MedicineRoute): String = when (route) {
    is MedicineRoute.Intravenous -> stringResource(R.string.sessions_route_vein)
    is MedicineRoute.Intramuscular -> stringResource(R.string.sessions_route_muscle)
    is MedicineRoute.Intranasal -> stringResource(R.string.sessions_route_nose)
    is MedicineRoute.Sublingual -> stringResource(R.string.sessions_route_tongue)
    is MedicineRoute.Oral -> stringResource(R.string.sessions_route_swallowed)
    is MedicineRoute.Other -> route.word
}

@Composable
private fun Written(entries: List<EntryView>, onGo: (String) -> Unit) {
    Heading(stringResource(R.string.session_written))
    if (entries.isEmpty()) Quiet(stringResource(R.string.session_nothing_written))
    for (entry in entries) {
        Panel(
            Modifier.clip(MaterialTheme.shapes.medium).clickable { onGo(Places.entry(entry.head.id.toString())) }
        ) {
            if (entry.title.isNotBlank()) Text(entry.title, style = MaterialTheme.typography.titleMedium)
            Text(entry.body, maxLines = PREVIEW_LINES, overflow = TextOverflow.Ellipsis)
            Quiet(told(entry.at))
            Quiet(stringResource(R.string.entry_readers, readersOf(entry.head, entry.visibility)))
        }
    }
}
