package org.kapcompanion.app.checkin

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
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Readers
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.app.ui.WhenSaved
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.core.WhoReads

/** A check-in. */
@Composable
fun CheckInRoute(around: Around, onDone: () -> Unit) {
    val model: CheckInViewModel = viewModel(factory = CheckInViewModel.Factory)
    val feeling by model.feeling.collectAsStateWithLifecycle()
    val note by model.note.collectAsStateWithLifecycle()
    val readers by model.readers.collectAsStateWithLifecycle()
    val sharing by model.sharing.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    WhenSaved(saving, model::seen, onDone)
    CheckInScreen(
        feeling,
        note,
        readers,
        sharing,
        saving,
        around,
        onFeel = model::feel,
        onType = model::type,
        onLetRead = model::letRead,
        onSave = model::save
    )
}

/** A step, and *Done* at once; the rest can be left out. */
@Composable
fun CheckInScreen(
    feeling: Int,
    note: String,
    readers: WhoReads,
    sharing: Sharing?,
    saving: Saving,
    around: Around,
    onFeel: (Int) -> Unit,
    onType: (String) -> Unit,
    onLetRead: (WhoReads) -> Unit,
    onSave: () -> Unit
) {
    Page(stringResource(R.string.check_in_title), around, bottom = {
        BottomAction(stringResource(R.string.done), onSave, feeling != 0 && saving !is Saving.Now)
    }) {
        WhyNot(saving)
        Panel { Feelings(feeling.takeIf { it != 0 }, onFeel) }
        OutlinedTextField(
            note,
            onType,
            Modifier.fillMaxWidth(),
            label = { Text(stringResource(R.string.check_in_note)) },
            keyboardOptions = KeyboardOptions(capitalization = KeyboardCapitalization.Sentences),
            minLines = 2
        )
        Readers(sharing, readers, onLetRead)
    }
}
