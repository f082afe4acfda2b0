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
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.OneOf
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Readers
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.WordsField
import org.kapcompanion.app.ui.readersOf
import org.kapcompanion.core.CalendarDay
import org.kapcompanion.core.CommitmentBecame
import org.kapcompanion.core.CommitmentView
import org.kapcompanion.core.toLocalDate

private val DaysToChoose = listOf(
    0 to R.string.agreed_no_day,
    3 to R.string.agreed_in_3,
    7 to R.string.agreed_in_7,
    14 to R.string.agreed_in_14
)

/** What was agreed on. */
@Composable
fun AgreedRoute(around: Around, onGo: (String) -> Unit) {
    val model: AgreedViewModel = viewModel(factory = AgreedViewModel.Factory)
    val agreed by model.agreed.collectAsStateWithLifecycle()
    val draft by model.draft.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    AgreedScreen(
        agreed,
        draft,
        saving,
        around,
        onType = model::type,
        onAdd = model::add,
        onOpen = { onGo(SessionPlaces.commitment(it)) }
    )
}

/** What is still open, what became of the rest, and a new one. */
@Composable
fun AgreedScreen(
    loaded: Loaded<Agreed>,
    draft: AgreedDraft,
    saving: Saving,
    around: Around,
    onType: (AgreedDraft) -> Unit,
    onAdd: () -> Unit,
    onOpen: (UUID) -> Unit
) {
    Page(stringResource(R.string.agreed_title), around) {
        LoadedPart(loaded) { agreed ->
            WhyNot(saving)
            if (agreed.open.isEmpty() && agreed.said.isEmpty()) Text(stringResource(R.string.agreed_empty))
            for (one in agreed.open) Commitment(one, onOpen)
            Add(agreed.sharing, draft, saving, onType, onAdd)
            if (agreed.said.isNotEmpty()) Heading(stringResource(R.string.agreed_said))
            for (one in agreed.said) Commitment(one, onOpen)
        }
    }
}

@Composable
private fun Commitment(one: CommitmentView, onOpen: (UUID) -> Unit) {
    Panel(Modifier.clip(MaterialTheme.shapes.medium).clickable { onOpen(one.head.id) }) {
        Text(one.text, style = MaterialTheme.typography.bodyLarge)
        val became = one.became
        val day = one.reviewOn
        when {
            became != null -> Quiet(became(became))
            day != null -> Quiet(stringResource(R.string.agreed_look_again, toldCalendarDay(day)))
            else -> Quiet(stringResource(R.string.agreed_open))
        }
        Quiet(stringResource(R.string.entry_readers, readersOf(one.head, one.visibility)))
    }
}

@Composable
private fun Add(
    sharing: Sharing,
    draft: AgreedDraft,
    saving: Saving,
    onType: (AgreedDraft) -> Unit,
    onAdd: () -> Unit
) {
    Panel {
        Heading(stringResource(R.string.agreed_add))
        WordsField(stringResource(R.string.agreed_words), draft.text, { onType(draft.copy(text = it)) }, lines = 2)
        if (draft.text.isNotBlank()) {
            Text(stringResource(R.string.agreed_when))
            OneOf(DaysToChoose.map { (days, name) -> days to stringResource(name) }, draft.days) {
                onType(draft.copy(days = it))
            }
            Readers(sharing, draft.readers) { onType(draft.copy(readers = it)) }
            MainButton(stringResource(R.string.agreed_save), onAdd, enabled = saving !is Saving.Now)
        }
    }
}

/** What became of it, in words that judge nothing. */
@Composable
internal fun became(became: CommitmentBecame): String = when (became) {
    is CommitmentBecame.Kept -> stringResource(R.string.became_kept)
    is CommitmentBecame.Partly -> stringResource(R.string.became_partly)
    is CommitmentBecame.Not -> stringResource(R.string.became_not)
    is CommitmentBecame.Changed -> stringResource(R.string.became_changed)
    is CommitmentBecame.Other -> became.word
}

/** A day of the calendar with its day of the week. */
internal fun toldCalendarDay(day: CalendarDay): String =
    day.toLocalDate().format(DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL))
