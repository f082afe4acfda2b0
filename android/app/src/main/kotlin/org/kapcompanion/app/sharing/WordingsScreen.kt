package org.kapcompanion.app.sharing

import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.core.ApartView

/** What stands in two wordings, whatever kind it is. */
@Composable
fun WordingsRoute(around: Around) {
    val model: WordingsViewModel = viewModel(factory = WordingsViewModel.Factory)
    val apart by model.apart.collectAsStateWithLifecycle()
    val choosing by model.choosing.collectAsStateWithLifecycle()
    WordingsScreen(apart, choosing, around, model::choose)
}

/** All that stands in two wordings, with every wording whole. */
@Composable
fun WordingsScreen(
    loaded: Loaded<List<ApartView>>,
    choosing: Saving,
    around: Around,
    onChoose: (ApartView, String, String) -> Unit
) {
    Page(stringResource(R.string.wordings_title), around) {
        LoadedPart(loaded) { shown ->
            WhyNot(choosing)
            Text(stringResource(if (shown.isEmpty()) R.string.wordings_none else R.string.wordings_means))
            for (apart in shown) Wordings(apart, choosing !is Saving.Now, onChoose)
        }
    }
}

/** The wordings of one thing, on its own page. */
@Composable
fun OwnWordingsRoute(id: UUID) {
    val model: WordingsViewModel = viewModel(factory = WordingsViewModel.Factory)
    val all by model.apart.collectAsStateWithLifecycle()
    val choosing by model.choosing.collectAsStateWithLifecycle()
    val apart = (all as? Loaded.Here)?.value?.find { it.id == id } ?: return
    WhyNot(choosing)
    Wordings(apart, choosing !is Saving.Now, model::choose)
}

/** Each wording of each field, and to keep one of them; the others go. */
@Composable
fun Wordings(apart: ApartView, isReady: Boolean, onChoose: (ApartView, String, String) -> Unit) {
    for (field in apart.apart) {
        Heading(stringResource(R.string.entry_two_wordings))
        for (wording in field.wordings) {
            Panel {
                Text(wording.ifBlank { stringResource(R.string.wordings_empty) })
                if (apart.isOursToChoose) {
                    OtherButton(
                        stringResource(R.string.wordings_keep),
                        { if (isReady) onChoose(apart, field.field, wording) }
                    )
                }
            }
        }
        val means = if (apart.isOursToChoose) R.string.wordings_keep_means else R.string.wordings_clinic_chooses
        Quiet(stringResource(means))
    }
}
