package org.kapcompanion.app.team

import androidx.compose.foundation.layout.ColumnScope
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
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Asking
import org.kapcompanion.app.ui.CheckRow
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhenSaved
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.told
import org.kapcompanion.core.AfterProgramme
import org.kapcompanion.core.LocalMoment
import org.kapcompanion.core.RecordPart
import org.kapcompanion.core.ReleaseNowView
import org.kapcompanion.core.ReleaseTermsView
import org.kapcompanion.core.RequestNowView
import org.kapcompanion.core.words

/** What is written and chosen on the page of a release, or of a question of the clinic's. */
data class Deciding(
    val words: String = "",
    val without: List<RecordPart> = emptyList(),
    val isAsked: Boolean = false,
    val saving: Saving = Saving.Not
)

/** One release. */
@Composable
fun ReleaseRoute(id: UUID, around: Around) {
    val model: ReleasesViewModel = viewModel(key = "$id", factory = ReleasesViewModel.Factory)
    val releases by model.releases.collectAsStateWithLifecycle()
    ReleaseScreen(
        releases.find { all -> all.given.find { it.id == id } },
        deciding(model),
        around,
        onLeaveOut = model::leaveOut,
        onNarrow = { model.narrow(id) },
        onAsk = model::ask,
        onType = model::type,
        onTakeBack = { model.takeBack(id) }
    )
}

@Composable
private fun deciding(model: ReleasesViewModel): Deciding {
    val words by model.words.collectAsStateWithLifecycle()
    val without by model.without.collectAsStateWithLifecycle()
    val isAsked by model.isAsked.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    return Deciding(words, without, isAsked, saving)
}

/** One of what was loaded; as if it was not read yet where it is not there. */
private fun <T, R : Any> Loaded<T>.find(one: (T) -> R?): Loaded<R> = when (this) {
    is Loaded.Here -> one(value)?.let { Loaded.Here(it) } ?: Loaded.NotYet
    is Loaded.Problem -> this
    is Loaded.NotYet -> this
}

/** Whom something may be told, what and how long; less of it, or nothing any more. */
@Composable
fun ReleaseScreen(
    loaded: Loaded<ReleaseNowView>,
    deciding: Deciding,
    around: Around,
    onLeaveOut: (RecordPart, Boolean) -> Unit,
    onNarrow: () -> Unit,
    onAsk: (Boolean) -> Unit,
    onType: (String) -> Unit,
    onTakeBack: () -> Unit
) {
    Page(stringResource(R.string.release_title), around) {
        LoadedPart(loaded) { release ->
            WhyNot(deciding.saving)
            Notice(standingOf(release.standing))
            Panel { Terms(release.terms, release.sections, release.until) }
            if (release.standing.isOpen && deciding.isAsked) {
                WordsForClinic(deciding.words, onType)
                Asking(
                    stringResource(R.string.release_take_back_question),
                    listOf(stringResource(R.string.release_take_back_means)),
                    stringResource(R.string.own_take_back),
                    onTakeBack,
                    onLeave = { onAsk(false) },
                    isReady = deciding.saving !is Saving.Now
                )
            } else if (release.standing.isOpen) {
                if (release.sections.size > 1) LessOfIt(release.sections, deciding, onLeaveOut, onNarrow)
                OtherButton(stringResource(R.string.own_take_back), { onAsk(true) })
            }
        }
    }
}

@Composable
private fun LessOfIt(
    parts: List<RecordPart>,
    deciding: Deciding,
    onLeaveOut: (RecordPart, Boolean) -> Unit,
    onNarrow: () -> Unit
) {
    Panel {
        Heading(stringResource(R.string.release_narrow))
        Quiet(stringResource(R.string.release_narrow_means))
        Parts(parts, deciding.without, onLeaveOut)
        val isReady = deciding.without.isNotEmpty() && deciding.saving !is Saving.Now
        MainButton(stringResource(R.string.release_narrow_do), onNarrow, enabled = isReady)
    }
}

/** Parts that may be told, of which each can be left out. */
@Composable
private fun ColumnScope.Parts(
    parts: List<RecordPart>,
    without: List<RecordPart>,
    onLeaveOut: (RecordPart, Boolean) -> Unit
) {
    for (part in parts) {
        CheckRow(stringResource(nameOf(part)), part !in without) { isIn -> onLeaveOut(part, !isIn) }
    }
}

@Composable
private fun ColumnScope.Terms(terms: ReleaseTermsView, sections: List<RecordPart>, until: LocalMoment) {
    Heading(terms.provider)
    val about = listOf(terms.what, terms.contact).filter(String::isNotBlank)
    if (about.isNotEmpty()) Text(about.joinToString(" · "))
    Text(stringResource(R.string.release_parts, named(sections)))
    Text(stringResource(R.string.release_purpose, terms.purpose))
    Text(stringResource(R.string.release_until, told(until)))
    val ends = terms.atProgrammeEnd == AfterProgramme.ENDS
    Quiet(stringResource(if (ends) R.string.release_ends_with_program else R.string.release_goes_on))
}

@Composable
private fun WordsForClinic(words: String, onType: (String) -> Unit) {
    OutlinedTextField(
        words,
        onType,
        Modifier.fillMaxWidth(),
        label = { Text(stringResource(R.string.release_words)) },
        keyboardOptions = KeyboardOptions(capitalization = KeyboardCapitalization.Sentences)
    )
}

/** A question of the clinic's. */
@Composable
fun RequestRoute(id: UUID, around: Around, onDone: () -> Unit) {
    val model: ReleasesViewModel = viewModel(key = "$id", factory = ReleasesViewModel.Factory)
    val releases by model.releases.collectAsStateWithLifecycle()
    val deciding = deciding(model)
    WhenSaved(deciding.saving, model::seen, onDone)
    RequestScreen(
        releases.find { all -> all.requests.find { it.id == id } },
        deciding,
        around,
        onLeaveOut = model::leaveOut,
        onType = model::type,
        onAccept = model::accept,
        onDecline = model::decline
    )
}

/** What the clinic asks to be allowed: all of it, some of it, or nothing. */
@Composable
fun RequestScreen(
    loaded: Loaded<RequestNowView>,
    deciding: Deciding,
    around: Around,
    onLeaveOut: (RecordPart, Boolean) -> Unit,
    onType: (String) -> Unit,
    onAccept: (RequestNowView) -> Unit,
    onDecline: (RequestNowView) -> Unit
) {
    Page(stringResource(R.string.request_title), around) {
        LoadedPart(loaded) { request ->
            WhyNot(deciding.saving)
            Text(stringResource(R.string.request_by, request.by, told(request.at)))
            Panel {
                Terms(request.terms, request.terms.sections, request.terms.until)
                Quiet(stringResource(R.string.request_less))
                Parts(request.terms.sections, deciding.without, onLeaveOut)
            }
            val isReady = deciding.saving !is Saving.Now
            val isSome = deciding.without.size < request.terms.sections.size
            MainButton(
                stringResource(R.string.request_accept),
                { onAccept(request) },
                enabled = isReady && isSome
            )
            WordsForClinic(deciding.words, onType)
            OtherButton(stringResource(R.string.request_decline), { if (isReady) onDecline(request) })
        }
    }
}
