package org.kapcompanion.app.journal

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
import org.kapcompanion.app.attach.AttachedTo
import org.kapcompanion.app.sharing.FollowOwn
import org.kapcompanion.app.sharing.OwnActionsRoute
import org.kapcompanion.app.sharing.OwnKind
import org.kapcompanion.app.sharing.OwnWays
import org.kapcompanion.app.sharing.OwnWordingsRoute
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.BottomAction
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Places
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.readersOf
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.whereItIs
import org.kapcompanion.core.EntryPage
import org.kapcompanion.core.EntryView

private const val PREVIEW_LINES = 3

/** The journal. */
@Composable
fun JournalRoute(around: Around, onGo: (String) -> Unit) {
    val model: JournalViewModel = viewModel(factory = JournalViewModel.Factory)
    val entries by model.entries.collectAsStateWithLifecycle()
    JournalScreen(
        entries,
        around,
        onWrite = { onGo(Places.WRITE) },
        onOpen = { onGo(Places.entry(it.toString())) },
        onMore = model::more
    )
}

/** Entries with their beginning, who can read each, and where it is. */
@Composable
fun JournalScreen(
    loaded: Loaded<EntryPage>,
    around: Around,
    onWrite: () -> Unit,
    onOpen: (UUID) -> Unit,
    onMore: () -> Unit
) {
    Page(stringResource(R.string.journal_title), around, bottom = {
        BottomAction(stringResource(R.string.journal_write), onWrite)
    }) {
        LoadedPart(loaded) { page ->
            if (page.items.isEmpty()) {
                Text(stringResource(R.string.journal_empty))
                Quiet(stringResource(R.string.journal_empty_means))
            }
            for (entry in page.items) Beginning(entry, onOpen)
            if (page.next != null) OtherButton(stringResource(R.string.journal_more), onMore)
        }
    }
}

@Composable
private fun Beginning(entry: EntryView, onOpen: (UUID) -> Unit) {
    Panel(Modifier.clip(MaterialTheme.shapes.medium).clickable { onOpen(entry.head.id) }) {
        if (entry.title.isNotBlank()) Text(entry.title, style = MaterialTheme.typography.titleMedium)
        Text(entry.body, maxLines = PREVIEW_LINES, overflow = TextOverflow.Ellipsis)
        Standing(entry)
    }
}

/** When it was, who can read it, and where it is: on every entry. */
@Composable
private fun Standing(entry: EntryView) {
    Quiet(told(entry.at))
    Quiet(stringResource(R.string.entry_readers, readersOf(entry.head, entry.visibility)))
    Quiet(stringResource(R.string.entry_where, whereItIs(entry.head.delivery)))
}

/** One entry, and what can be done with it. */
@Composable
fun EntryRoute(id: UUID, around: Around, onGo: (String) -> Unit, onInstead: (String) -> Unit, onGone: () -> Unit) {
    val model: JournalViewModel = viewModel(factory = JournalViewModel.Factory)
    val entry by remember(id) { model.entry(id) }.collectAsStateWithLifecycle(Loaded.NotYet)
    FollowOwn(OwnKind.ENTRY, id, OwnWays({ onInstead(Places.entry(it.toString())) }, onGone))
    EntryScreen(entry, around, attached = { AttachedTo(id) }) {
        OwnWordingsRoute(id)
        OwnActionsRoute(OwnKind.ENTRY, id, onEdit = { onGo(Places.editEntry(id.toString())) })
    }
}

/** One entry, whole; [actions] has both wordings where two phones wrote apart. */
@Composable
fun EntryScreen(
    loaded: Loaded<EntryView>,
    around: Around,
    attached: @Composable () -> Unit = {},
    actions: @Composable () -> Unit = {}
) {
    Page(stringResource(R.string.entry_title), around) {
        LoadedPart(loaded) { entry ->
            if (entry.title.isNotBlank()) Heading(entry.title)
            if (entry.head.twoWordings.none { it.field == "body" }) {
                Text(entry.body, style = MaterialTheme.typography.bodyLarge)
            }
            attached()
            Panel { Standing(entry) }
            actions()
        }
    }
}
