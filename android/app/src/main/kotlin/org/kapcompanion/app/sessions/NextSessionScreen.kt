package org.kapcompanion.app.sessions

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
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.AskedOnce
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Readers
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.WordsField
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.whereItIs
import org.kapcompanion.core.GlanceLine
import org.kapcompanion.core.NextSessionLineView

/** What can be done with the list. */
data class NextSessionActs(
    val onType: (LineDraft) -> Unit = {},
    val onAdd: () -> Unit = {},
    val onShare: (UUID) -> Unit = {},
    val onTalkedAbout: (GlanceLine) -> Unit = {},
    val onDelete: (UUID) -> Unit = {}
)

/** The list for the next session. */
@Composable
fun NextSessionRoute(around: Around) {
    val model: NextSessionViewModel = viewModel(factory = NextSessionViewModel.Factory)
    val list by model.list.collectAsStateWithLifecycle()
    val draft by model.draft.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    NextSessionScreen(
        list,
        draft,
        saving,
        around,
        NextSessionActs(model::type, model::add, model::share, model::talkedAbout, model::delete)
    )
}

/** What is to be talked about, the person's own lines, and a new one. */
@Composable
fun NextSessionScreen(
    loaded: Loaded<NextSession>,
    draft: LineDraft,
    saving: Saving,
    around: Around,
    acts: NextSessionActs
) {
    Page(stringResource(R.string.next_title), around) {
        LoadedPart(loaded) { list ->
            WhyNot(saving)
            if (list.marked.isEmpty() && list.own.isEmpty() && list.shared.isEmpty()) {
                Text(stringResource(R.string.next_empty))
                Quiet(stringResource(R.string.next_empty_means))
            }
            Add(list.sharing, draft, saving, acts)
            if (list.marked.isNotEmpty()) {
                Heading(stringResource(R.string.next_marked))
                for (line in list.marked) key(line.id) { Marked(line, acts) }
            }
            if (list.own.isNotEmpty()) Heading(stringResource(R.string.next_own))
            for (line in list.own) key(line.head.id) { Line(line, list.sharing, acts) }
            if (list.shared.isNotEmpty()) Heading(stringResource(R.string.next_shared))
            for (line in list.shared) key(line.head.id) { Line(line, list.sharing, acts) }
        }
    }
}

@Composable
private fun Add(sharing: Sharing, draft: LineDraft, saving: Saving, acts: NextSessionActs) {
    Panel {
        WordsField(
            stringResource(R.string.next_words),
            draft.text,
            { acts.onType(draft.copy(text = it)) },
            lines = 2
        )
        if (draft.text.isNotBlank()) {
            Readers(sharing, draft.readers) { acts.onType(draft.copy(readers = it)) }
            MainButton(stringResource(R.string.next_add), acts.onAdd, enabled = saving !is Saving.Now)
        }
    }
}

@Composable
private fun Marked(line: GlanceLine, acts: NextSessionActs) {
    Panel {
        Text(line.words, style = MaterialTheme.typography.bodyLarge)
        Quiet("${kindWords(line.kind)} · ${told(line.`when`)}")
        OtherButton(stringResource(R.string.next_talked), { acts.onTalkedAbout(line) })
    }
}

@Composable
private fun Line(line: NextSessionLineView, sharing: Sharing, acts: NextSessionActs) {
    Panel {
        Text(line.text, style = MaterialTheme.typography.bodyLarge)
        Quiet(stringResource(R.string.entry_where, whereItIs(line.head.delivery)))
        if (sharing == Sharing.OFFERED) {
            OtherButton(stringResource(R.string.sessions_share_talk), { acts.onShare(line.head.id) })
        }
        AskedOnce(
            stringResource(R.string.sessions_delete),
            stringResource(if (line.head.isShared) R.string.next_delete_shared else R.string.next_delete_own),
            stringResource(R.string.sessions_delete_yes)
        ) { acts.onDelete(line.head.id) }
    }
}

/** What one thing of a kind is called. */
@Composable
internal fun kindWords(kind: String): String = when (kind) {
    "entry" -> stringResource(R.string.sessions_kind_entry)
    "check_in" -> stringResource(R.string.sessions_kind_check_in)
    "commitment" -> stringResource(R.string.sessions_kind_commitment)
    "next_session_item" -> stringResource(R.string.sessions_kind_line)
    "intention" -> stringResource(R.string.sessions_kind_intention)
    "assessment_section" -> stringResource(R.string.sessions_kind_assessment)
    "use_check" -> stringResource(R.string.sessions_kind_use_check)
    else -> kind.replace('_', ' ')
}
