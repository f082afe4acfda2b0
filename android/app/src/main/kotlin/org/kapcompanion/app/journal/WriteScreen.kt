package org.kapcompanion.app.journal

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.FilterChip
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.unit.dp
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import org.kapcompanion.app.R
import org.kapcompanion.app.attach.AttachTo
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.BottomAction
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Readers
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhenSaved
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.core.PromptView
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.words

/** An entry that is being written. */
@Composable
fun WriteRoute(around: Around, onDone: () -> Unit, onDraw: () -> Unit) {
    val model: WriteViewModel = viewModel(factory = WriteViewModel.Factory)
    val body by model.body.collectAsStateWithLifecycle()
    val readers by model.readers.collectAsStateWithLifecycle()
    val prompt by model.prompt.collectAsStateWithLifecycle()
    val offered by model.offered.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    val attached by model.attached.collectAsStateWithLifecycle()
    WhenSaved(saving, model::seen, onDone)
    WriteScreen(
        Writing(body, readers, prompt, offered, saving, hasAttached = attached.isNotEmpty()),
        around,
        onType = model::type,
        onLetRead = model::letRead,
        onAnswer = model::answer,
        onSave = model::save,
        attach = { AttachTo(model, onDraw) }
    )
}

/** What the page of writing shows. */
data class Writing(
    val body: String,
    val readers: WhoReads,
    val prompt: String,
    val offered: Offered?,
    val saving: Saving,
    /** Whether a recording or a picture hangs on it: it needs no words then. */
    val hasAttached: Boolean = false
)

/** The words, who may read them, and prompts where the core offers some. */
@Composable
fun WriteScreen(
    writing: Writing,
    around: Around,
    onType: (String) -> Unit,
    onLetRead: (WhoReads) -> Unit,
    onAnswer: (PromptView) -> Unit,
    onSave: () -> Unit,
    attach: @Composable () -> Unit = {}
) {
    Page(stringResource(R.string.write_title), around, bottom = {
        val says = writing.body.isNotBlank() || writing.hasAttached
        val isReady = says && writing.saving !is Saving.Now
        BottomAction(stringResource(R.string.save), onSave, isReady)
    }) {
        WhyNot(writing.saving)
        Prompts(writing, onAnswer)
        OutlinedTextField(
            writing.body,
            onType,
            Modifier.fillMaxWidth(),
            label = { Text(stringResource(R.string.write_words)) },
            keyboardOptions = KeyboardOptions(capitalization = KeyboardCapitalization.Sentences),
            minLines = 6
        )
        Quiet(stringResource(R.string.write_kept))
        attach()
        Readers(writing.offered?.sharing, writing.readers, onLetRead)
    }
}

@Composable
private fun Prompts(writing: Writing, onAnswer: (PromptView) -> Unit) {
    val prompts = writing.offered?.prompts ?: return
    if (prompts.prompts.isEmpty()) return
    Panel {
        Heading(stringResource(R.string.write_prompts))
        for (prompt in prompts.prompts) {
            FilterChip(
                writing.prompt == prompt.id,
                { onAnswer(prompt) },
                { Text(prompt.words) },
                Modifier.heightIn(min = 48.dp)
            )
        }
        Quiet(prompts.stopAnyTime)
        Quiet(prompts.wayBack)
    }
}
