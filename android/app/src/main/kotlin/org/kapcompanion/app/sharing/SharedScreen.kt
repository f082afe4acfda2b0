package org.kapcompanion.app.sharing

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.style.TextOverflow
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.checkin.feelingWord
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Asking
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Places
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.readersOf
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.whereItIs
import org.kapcompanion.core.DeletedItemView
import org.kapcompanion.core.words

private const val PREVIEW_LINES = 3

/** Everything that somebody at the clinic can read. */
@Composable
fun SharedRoute(around: Around, onGo: (String) -> Unit) {
    val model: SharedViewModel = viewModel(factory = SharedViewModel.Factory)
    val things by model.things.collectAsStateWithLifecycle()
    val asked by model.asked.collectAsStateWithLifecycle()
    val takingBack by model.takingBack.collectAsStateWithLifecycle()
    SharedScreen(
        things,
        asked,
        takingBack,
        around,
        onOpen = { item -> placeOf(item)?.let(onGo) },
        onAsk = model::ask,
        onTakeBack = model::takeBack
    )
}

/** The page that shows something whole, where it has one. */
private fun placeOf(item: OwnItem): String? = when (item.kind) {
    OwnKind.ENTRY -> Places.entry(item.head.id.toString())
    OwnKind.CHECK_IN -> Places.checkIn(item.head.id.toString())
    else -> null
}

/** Each thing with its beginning, who can read it and where it is; each can be taken back here. */
@Composable
fun SharedScreen(
    loaded: Loaded<SharedThings>,
    asked: UUID?,
    takingBack: Saving,
    around: Around,
    onOpen: (OwnItem) -> Unit,
    onAsk: (UUID?) -> Unit,
    onTakeBack: (OwnItem) -> Unit
) {
    Page(stringResource(R.string.shared_title), around) {
        LoadedPart(loaded) { things ->
            WhyNot(takingBack)
            if (things.items.isEmpty()) {
                Text(stringResource(R.string.shared_empty))
                Quiet(stringResource(R.string.shared_empty_means))
            } else {
                Text(stringResource(R.string.shared_means, things.clinic ?: stringResource(R.string.your_clinic)))
            }
            for ((item, remains) in things.items) {
                if (item.head.id == asked) {
                    Asking(
                        stringResource(R.string.own_take_back_question),
                        listOf(item.words.ifBlank { stringResource(item.kind.title) }, remains.onceTakenBack),
                        stringResource(R.string.own_take_back),
                        onAct = { onTakeBack(item) },
                        onLeave = { onAsk(null) },
                        leave = stringResource(R.string.own_leave_shared),
                        isReady = takingBack !is Saving.Now
                    )
                } else {
                    SharedThing(item, onOpen, onTakeBack = { onAsk(item.head.id) })
                }
            }
            Quiet(stringResource(R.string.shared_kept_by_both))
            DeletedThings(things.deleted)
        }
    }
}

@Composable
private fun SharedThing(item: OwnItem, onOpen: (OwnItem) -> Unit, onTakeBack: () -> Unit) {
    Panel {
        Text(stringResource(item.kind.title), style = MaterialTheme.typography.titleMedium)
        item.step?.let { Text(feelingWord(it)) }
        if (item.words.isNotBlank()) Text(item.words, maxLines = PREVIEW_LINES, overflow = TextOverflow.Ellipsis)
        Quiet(told(item.at))
        Quiet(stringResource(R.string.entry_readers, readersOf(item.head, item.readers)))
        Quiet(stringResource(R.string.entry_where, whereItIs(item.head.delivery)))
        if (placeOf(item) != null) OtherButton(stringResource(R.string.shared_open), { onOpen(item) })
        OtherButton(stringResource(R.string.own_take_back), onTakeBack)
    }
}

@Composable
private fun DeletedThings(deleted: List<DeletedItemView>) {
    if (deleted.isEmpty()) return
    Heading(stringResource(R.string.shared_deleted))
    for (one in deleted) {
        Panel {
            Text(stringResource(R.string.shared_deleted_at, told(one.at)))
            Quiet(one.remains.onceDeleted)
        }
    }
}
