package org.kapcompanion.app.dosing

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.sessions.kindWords
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Places
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.told
import org.kapcompanion.core.HeldBackView
import org.kapcompanion.core.WhoReads

/** What was written in quiet hours that are over, also once their session's days are past. */
@Composable
fun ReviewRoute(around: Around, onGo: (String) -> Unit) {
    val model: SessionDayViewModel = viewModel(factory = SessionDayViewModel.Factory)
    val day by model.day.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    ReviewScreen(
        day,
        saving,
        around,
        onOpen = { onGo(Places.entry(it.toString())) },
        onKeep = model::keepPrivate,
        onShare = model::share
    )
}

/** Each by itself: keep it, share it, or talk about it. Nothing is shared by itself, and nothing is asked twice. */
@Composable
fun ReviewScreen(
    loaded: Loaded<SessionDay>,
    saving: Saving,
    around: Around,
    onOpen: (UUID) -> Unit,
    onKeep: (UUID) -> Unit,
    onShare: (UUID, WhoReads) -> Unit
) {
    Page(stringResource(R.string.held_title), around) {
        LoadedPart(loaded) { day ->
            WhyNot(saving)
            if (day.toReview.isEmpty()) {
                Text(stringResource(R.string.held_empty))
                Quiet(stringResource(R.string.held_empty_means))
            } else {
                Text(stringResource(R.string.held_how))
            }
            for (held in day.toReview) key(held.id) { Held(held, onOpen, onKeep, onShare) }
        }
    }
}

@Composable
private fun Held(
    held: HeldBackView,
    onOpen: (UUID) -> Unit,
    onKeep: (UUID) -> Unit,
    onShare: (UUID, WhoReads) -> Unit
) {
    Panel {
        if (held.words.isNotBlank()) Text(held.words, style = MaterialTheme.typography.bodyLarge)
        Quiet("${kindWords(held.kind)} · ${told(held.at)}")
        when (held.wished) {
            WhoReads.CARE_TEAM -> Quiet(stringResource(R.string.held_wished_share))
            WhoReads.TALK_IN_SESSION -> Quiet(stringResource(R.string.held_wished_talk))
            WhoReads.ONLY_ME, null -> Unit
        }
        if (held.kind == "entry") OtherButton(stringResource(R.string.held_read), { onOpen(held.id) })
        OtherButton(stringResource(R.string.held_keep), { onKeep(held.id) })
        OtherButton(stringResource(R.string.sessions_share_team), { onShare(held.id, WhoReads.CARE_TEAM) })
        OtherButton(stringResource(R.string.sessions_share_talk), { onShare(held.id, WhoReads.TALK_IN_SESSION) })
    }
}
