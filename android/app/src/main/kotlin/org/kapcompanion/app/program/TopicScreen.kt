package org.kapcompanion.app.program

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.BottomAction
import org.kapcompanion.app.ui.DeleteIt
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Readers
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.TakeBack
import org.kapcompanion.app.ui.WhenSaved
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.readersOf
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.whereItIs
import org.kapcompanion.core.AssessmentTextView
import org.kapcompanion.core.AssessmentTopic
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.words

/** A topic of the assessment. */
@Composable
fun TopicRoute(topic: AssessmentTopic, around: Around, onDone: () -> Unit) {
    val model: TopicViewModel = viewModel(key = "topic/$topic", factory = TopicViewModel.factory(topic))
    val written by model.written.collectAsStateWithLifecycle()
    val draft by model.draft.collectAsStateWithLifecycle()
    val readers by model.readers.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    WhenSaved(saving, model::seen, onDone)
    TopicScreen(
        written,
        draft,
        readers,
        saving,
        around,
        TopicActs(model::type, model::letRead, model::save, model::takeBack, model::delete)
    )
}

/** What can be done with a topic. */
class TopicActs(
    val onType: (String) -> Unit,
    val onLetRead: (WhoReads) -> Unit,
    val onSave: () -> Unit,
    val onTakeBack: () -> Unit,
    val onDelete: () -> Unit
)

/** The words of a topic, and who may read them. */
@Composable
fun TopicScreen(
    loaded: Loaded<Written>,
    draft: String?,
    readers: WhoReads?,
    saving: Saving,
    around: Around,
    acts: TopicActs
) {
    val written = (loaded as? Loaded.Here)?.value
    val text = draft ?: written?.text?.text.orEmpty()
    val isChanged = draft != null || (readers != null && readers != WhoReads.ONLY_ME)
    Page(written?.heading ?: stringResource(R.string.assessment_title), around, bottom = {
        BottomAction(
            stringResource(R.string.save),
            acts.onSave,
            written != null && isChanged && text.isNotBlank() && saving !is Saving.Now
        )
    }) {
        WhyNot(saving)
        LoadedPart(loaded) { Shown(it, text, readers, acts) }
    }
}

@Composable
private fun Shown(written: Written, text: String, readers: WhoReads?, acts: TopicActs) {
    val isShared = written.text?.head?.isShared == true
    if (isShared) Notice(stringResource(R.string.topic_shared))
    val body = written.text?.head?.twoWordings?.find { it.field == "text" }
    if (body != null) {
        Notice(stringResource(R.string.entry_two_wordings))
        for (wording in body.wordings) Panel { Text(wording) }
    }
    OutlinedTextField(
        text,
        acts.onType,
        Modifier.fillMaxWidth(),
        label = { Text(stringResource(R.string.write_words)) },
        keyboardOptions = KeyboardOptions(capitalization = KeyboardCapitalization.Sentences),
        minLines = 6
    )
    Quiet(stringResource(R.string.write_kept))
    if (!isShared) Readers(written.sharing, readers ?: WhoReads.ONLY_ME, acts.onLetRead)
    written.text?.let { Kept(it, written, acts) }
    for (other in written.others) {
        Panel {
            Heading(stringResource(R.string.topic_other))
            Text(other.text)
            Standing(other)
        }
    }
}

/** Where it is, and how it is taken back or deleted. */
@Composable
private fun Kept(text: AssessmentTextView, written: Written, acts: TopicActs) {
    Panel {
        Standing(text)
        written.remains?.let {
            if (text.head.isShared) TakeBack(it, acts.onTakeBack)
            DeleteIt(it, acts.onDelete)
        }
    }
}

@Composable
private fun Standing(text: AssessmentTextView) {
    Quiet(told(text.head.edited ?: text.at))
    Quiet(stringResource(R.string.entry_readers, readersOf(text.head, text.visibility)))
    Quiet(stringResource(R.string.entry_where, whereItIs(text.head.delivery)))
}
