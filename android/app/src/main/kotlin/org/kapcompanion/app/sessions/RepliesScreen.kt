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
import org.kapcompanion.app.checkin.feelingWord
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Places
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.told
import org.kapcompanion.core.ReplyPage

private const val PREVIEW_LINES = 3

/** What the care team answered. */
@Composable
fun RepliesRoute(around: Around, onGo: (String) -> Unit) {
    val model: RepliesViewModel = viewModel(factory = RepliesViewModel.Factory)
    val replies by model.replies.collectAsStateWithLifecycle()
    RepliesScreen(replies, around, onOpen = { onGo(SessionPlaces.reply(it)) }, onMore = model::more)
}

/** Replies with their beginning, the newest first. */
@Composable
fun RepliesScreen(loaded: Loaded<ReplyPage>, around: Around, onOpen: (UUID) -> Unit, onMore: () -> Unit) {
    Page(stringResource(R.string.replies_title), around) {
        LoadedPart(loaded) { page ->
            if (page.items.isEmpty()) {
                Text(stringResource(R.string.replies_empty))
                Quiet(stringResource(R.string.replies_empty_means))
            }
            for (reply in page.items) {
                Panel(Modifier.clip(MaterialTheme.shapes.medium).clickable { onOpen(reply.head.id) }) {
                    Text(reply.by, style = MaterialTheme.typography.titleMedium)
                    Text(reply.body, maxLines = PREVIEW_LINES, overflow = TextOverflow.Ellipsis)
                    Quiet(told(reply.at))
                }
            }
            if (page.next != null) OtherButton(stringResource(R.string.replies_more), onMore)
        }
    }
}

/** One reply. */
@Composable
fun ReplyRoute(id: UUID, around: Around, onGo: (String) -> Unit) {
    val model: RepliesViewModel = viewModel(factory = RepliesViewModel.Factory)
    val reply by remember(id) { model.reply(id) }.collectAsStateWithLifecycle(Loaded.NotYet)
    ReplyScreen(reply, around, onEntry = { onGo(Places.entry(it.toString())) })
}

/** One reply, whole, and what it answers. */
@Composable
fun ReplyScreen(loaded: Loaded<Answered>, around: Around, onEntry: (UUID) -> Unit) {
    Page(stringResource(R.string.reply_title), around) {
        LoadedPart(loaded) { answered ->
            val reply = answered.reply
            Heading(stringResource(R.string.today_reply, reply.by))
            Text(reply.body, style = MaterialTheme.typography.bodyLarge)
            Quiet(told(reply.at))
            Panel {
                Heading(stringResource(R.string.reply_answers))
                About(answered, onEntry)
            }
            Quiet(stringResource(R.string.reply_not_watched))
        }
    }
}

@Composable
private fun About(answered: Answered, onEntry: (UUID) -> Unit) {
    val (_, entry, checkIn) = answered
    when {
        entry != null -> {
            if (entry.title.isNotBlank()) Text(entry.title, style = MaterialTheme.typography.titleMedium)
            Text(entry.body, maxLines = PREVIEW_LINES, overflow = TextOverflow.Ellipsis)
            Quiet(told(entry.at))
            OtherButton(stringResource(R.string.reply_open_entry), { onEntry(entry.head.id) })
        }

        checkIn != null -> {
            Text(stringResource(R.string.reply_check_in, feelingWord(checkIn.valence.toInt())))
            if (checkIn.note.isNotBlank()) Text(checkIn.note)
            Quiet(told(checkIn.at))
        }

        else -> Text(stringResource(R.string.reply_gone))
    }
}
