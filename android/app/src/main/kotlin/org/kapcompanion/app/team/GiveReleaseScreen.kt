package org.kapcompanion.app.team

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.BottomAction
import org.kapcompanion.app.ui.CheckRow
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.RadioRow
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.SwitchRow
import org.kapcompanion.app.ui.WhenSaved
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.core.RecordPart
import org.kapcompanion.core.words

/** A release that is being written. */
@Composable
fun GiveReleaseRoute(around: Around, onDone: () -> Unit) {
    val model: GiveReleaseViewModel = viewModel(factory = GiveReleaseViewModel.Factory)
    val draft by model.draft.collectAsStateWithLifecycle()
    val longest by model.longest.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    WhenSaved(saving, model::seen, onDone)
    GiveReleaseScreen(draft, (longest as? Loaded.Here)?.value, saving, around, model::write, model::give)
}

/** Whom, what, what for, and how long. */
@Composable
fun GiveReleaseScreen(
    draft: Draft,
    longestDays: Int?,
    saving: Saving,
    around: Around,
    onWrite: (Draft) -> Unit,
    onGive: () -> Unit
) {
    Page(stringResource(R.string.release_give), around, bottom = {
        BottomAction(stringResource(R.string.release_give_do), onGive, draft.isReady && saving !is Saving.Now)
    }) {
        WhyNot(saving)
        Text(stringResource(R.string.release_give_means))
        Field(R.string.release_field_provider, draft.provider) { onWrite(draft.copy(provider = it)) }
        Field(R.string.release_field_what, draft.what) { onWrite(draft.copy(what = it)) }
        Field(R.string.release_field_contact, draft.contact) { onWrite(draft.copy(contact = it)) }
        Field(R.string.release_field_purpose, draft.purpose) { onWrite(draft.copy(purpose = it)) }
        Heading(stringResource(R.string.release_field_parts))
        for (part in RecordPart.entries) {
            CheckRow(stringResource(nameOf(part)), part in draft.parts) { isIn ->
                onWrite(draft.copy(parts = if (isIn) draft.parts + part else draft.parts - part))
            }
        }
        Heading(stringResource(R.string.release_field_days))
        Column(Modifier.selectableGroup()) {
            for (days in Lengths.filter { longestDays == null || it <= longestDays }) {
                RadioRow(pluralStringResource(R.plurals.release_days, days, days), days == draft.days) {
                    onWrite(draft.copy(days = days))
                }
            }
        }
        SwitchRow(stringResource(R.string.release_ends_with_program), draft.endsWithProgram) {
            onWrite(draft.copy(endsWithProgram = it))
        }
        Quiet(stringResource(R.string.release_take_back_means))
    }
}

@Composable
private fun Field(label: Int, words: String, onType: (String) -> Unit) {
    OutlinedTextField(
        words,
        onType,
        Modifier.fillMaxWidth(),
        label = { Text(stringResource(label)) },
        keyboardOptions = KeyboardOptions(capitalization = KeyboardCapitalization.Sentences)
    )
}
