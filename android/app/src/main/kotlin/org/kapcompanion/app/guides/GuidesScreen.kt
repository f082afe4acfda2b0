package org.kapcompanion.app.guides

import androidx.annotation.StringRes
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import org.kapcompanion.app.R
import org.kapcompanion.app.program.ProgramPlaces
import org.kapcompanion.app.program.phaseWord
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.OpenRow
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Rows
import org.kapcompanion.app.ui.toldDate
import org.kapcompanion.core.GuideView
import org.kapcompanion.core.GuideWhen
import org.kapcompanion.core.toLocalDate

/** The guides. */
@Composable
fun GuidesRoute(around: Around, onGo: (String) -> Unit) {
    val model: GuidesViewModel = viewModel(factory = GuidesViewModel.Factory)
    val guides by model.guides.collectAsStateWithLifecycle()
    GuidesScreen(guides, around) { guide -> onGo(ProgramPlaces.guide(guide.guide, guide.session)) }
}

/** What is to be read now, what comes next, and what can be looked up. */
@Composable
fun GuidesScreen(loaded: Loaded<Guides>, around: Around, onOpen: (GuideView) -> Unit) {
    Page(stringResource(R.string.guides_title), around) {
        LoadedPart(loaded) { Shown(it, onOpen) }
    }
}

@Composable
private fun Shown(guides: Guides, onOpen: (GuideView) -> Unit) {
    val desk = guides.desk
    if (desk.now.isEmpty() && desk.next.isEmpty() && desk.shelf.isEmpty()) {
        Text(stringResource(R.string.guides_empty))
    }
    Group(R.string.guides_now, desk.now, onOpen)
    Group(R.string.guides_next, desk.next, onOpen)
    Group(R.string.guides_shelf, desk.shelf, onOpen)
    Quiet(
        if (guides.hearer == null) {
            stringResource(R.string.guides_nobody_told)
        } else {
            stringResource(R.string.guides_told, guides.hearer)
        }
    )
}

@Composable
private fun Group(@StringRes title: Int, guides: List<GuideView>, onOpen: (GuideView) -> Unit) {
    if (guides.isEmpty()) return
    Heading(stringResource(title))
    Rows(guides) { guide -> OpenRow(guide.title, aboutGuide(guide)) { onOpen(guide) } }
}

@Composable
private fun aboutGuide(guide: GuideView): List<String> {
    val minutes = guide.minutesToRead.toInt()
    val told = guide.`when`
    return listOfNotNull(
        when (told) {
            is GuideWhen.FromDay -> stringResource(R.string.guides_from, toldDate(told.day.toLocalDate()))
            is GuideWhen.InPhase -> stringResource(R.string.guides_in_phase, phaseWord(told.phase))
            is GuideWhen.Now, is GuideWhen.AnyTime -> null
        },
        pluralStringResource(R.plurals.guides_minutes, minutes, minutes),
        when {
            guide.finished.isNotEmpty() -> stringResource(R.string.guides_done)
            guide.opened.isNotEmpty() -> stringResource(R.string.guides_opened)
            else -> null
        }
    )
}
