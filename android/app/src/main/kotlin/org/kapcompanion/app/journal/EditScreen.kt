package org.kapcompanion.app.journal

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.BottomAction
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhenSaved
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.core.EntryView
import org.kapcompanion.core.words

/** An entry that is edited. */
@Composable
fun EditRoute(id: UUID, around: Around, onDone: () -> Unit) {
    val model: EditViewModel = viewModel(key = "edit/$id", factory = EditViewModel.factory(id))
    val entry by model.entry.collectAsStateWithLifecycle()
    val title by model.title.collectAsStateWithLifecycle()
    val body by model.body.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    LaunchedEffect(model) { model.begin() }
    WhenSaved(saving, model::seen, onDone)
    EditScreen(entry, title, body, saving, around, onName = model::name, onType = model::type, onSave = model::save)
}

/** Its words; who can read it is chosen on the entry's own page. */
@Composable
fun EditScreen(
    loaded: Loaded<EntryView>,
    title: String,
    body: String,
    saving: Saving,
    around: Around,
    onName: (String) -> Unit,
    onType: (String) -> Unit,
    onSave: () -> Unit
) {
    val isHere = loaded is Loaded.Here
    Page(stringResource(R.string.edit_title), around, bottom = {
        if (isHere) BottomAction(stringResource(R.string.save), onSave, saving !is Saving.Now)
    }) {
        LoadedPart(loaded) { entry ->
            WhyNot(saving)
            OutlinedTextField(
                title,
                onName,
                Modifier.fillMaxWidth(),
                label = { Text(stringResource(R.string.edit_line)) },
                keyboardOptions = KeyboardOptions(capitalization = KeyboardCapitalization.Sentences)
            )
            OutlinedTextField(
                body,
                onType,
                Modifier.fillMaxWidth(),
                label = { Text(stringResource(R.string.write_words)) },
                keyboardOptions = KeyboardOptions(capitalization = KeyboardCapitalization.Sentences),
                minLines = 6
            )
            Quiet(stringResource(R.string.write_kept))
            val means = if (entry.head.isShared) R.string.edit_shared else R.string.edit_private
            Quiet(stringResource(means))
        }
    }
}
