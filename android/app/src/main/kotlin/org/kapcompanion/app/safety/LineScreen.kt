package org.kapcompanion.app.safety

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.text.input.KeyboardType
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.AskedOnce
import org.kapcompanion.app.ui.BottomAction
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhenSaved
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.core.SafetyStep
import org.kapcompanion.core.words

/** A line of the safety plan. */
@Composable
fun LineRoute(step: SafetyStep, item: UUID?, around: Around, onDone: () -> Unit) {
    val model: LineViewModel = viewModel(key = "line/$step/$item", factory = LineViewModel.factory(step, item))
    val placed by model.placed.collectAsStateWithLifecycle()
    val text by model.text.collectAsStateWithLifecycle()
    val number by model.number.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    WhenSaved(saving, model::seen, onDone)
    LineScreen(
        placed,
        isNew = item == null,
        Typed(text, number),
        saving,
        around,
        LineActs(model::type, model::typeNumber, model::save, model::remove, model::move)
    )
}

/** What was typed; nothing of what was not touched. */
data class Typed(val text: String?, val number: String?)

/** What can be done with a line. */
class LineActs(
    val onType: (String) -> Unit,
    val onNumber: (String) -> Unit,
    val onSave: () -> Unit,
    val onRemove: () -> Unit,
    val onMove: (Int) -> Unit
)

/** The words of a line, whom to call, and its place in the step. */
@Composable
fun LineScreen(
    loaded: Loaded<PlacedLine>,
    isNew: Boolean,
    typed: Typed,
    saving: Saving,
    around: Around,
    acts: LineActs
) {
    val placed = (loaded as? Loaded.Here)?.value
    val text = typed.text ?: placed?.line?.text.orEmpty()
    val canSave = placed != null && text.isNotBlank() && saving !is Saving.Now
    val title = stringResource(if (isNew) R.string.line_new else R.string.line_title)
    Page(title, around, bottom = { BottomAction(stringResource(R.string.save), acts.onSave, canSave) }) {
        WhyNot(saving)
        LoadedPart(loaded) { shown ->
            if (!isNew && placed?.line == null) Notice(stringResource(R.string.line_gone), isProblem = true)
            Fields(shown, typed, text, acts)
            if (placed?.line != null) Changes(shown, acts)
        }
    }
}

@Composable
private fun Fields(placed: PlacedLine, typed: Typed, text: String, acts: LineActs) {
    Heading(placed.step.heading)
    if (placed.isShared) Notice(stringResource(R.string.line_shared))
    OutlinedTextField(
        text,
        acts.onType,
        Modifier.fillMaxWidth(),
        label = { Text(stringResource(R.string.line_text)) },
        keyboardOptions = KeyboardOptions(capitalization = KeyboardCapitalization.Sentences),
        minLines = 2
    )
    OutlinedTextField(
        typed.number ?: placed.line?.number.orEmpty(),
        acts.onNumber,
        Modifier.fillMaxWidth(),
        label = { Text(stringResource(R.string.line_number)) },
        supportingText = { Text(stringResource(R.string.can_be_left_out)) },
        keyboardOptions = KeyboardOptions(keyboardType = KeyboardType.Phone),
        singleLine = true
    )
    Quiet(stringResource(R.string.write_kept))
}

@Composable
private fun Changes(placed: PlacedLine, acts: LineActs) {
    val last = placed.step.lines.lastIndex
    if (placed.place > 0) OtherButton(stringResource(R.string.line_up), { acts.onMove(placed.place - 1) })
    if (placed.place in 0..<last) OtherButton(stringResource(R.string.line_down), { acts.onMove(placed.place + 1) })
    AskedOnce(
        stringResource(R.string.line_remove),
        stringResource(R.string.line_remove_means),
        stringResource(R.string.line_remove_sure),
        acts.onRemove
    )
}
