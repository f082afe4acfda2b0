package org.kapcompanion.app.leaving

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
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.RadioRow
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhenSaved
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.app.ui.told
import org.kapcompanion.core.AccountStanding
import org.kapcompanion.core.BeforeEndingView
import org.kapcompanion.core.SharedThen
import org.kapcompanion.core.words

/** The end of the account. */
@Composable
fun EndRoute(around: Around, onGo: (String) -> Unit, onGone: () -> Unit) {
    val model: EndViewModel = viewModel(factory = EndViewModel.Factory)
    val ending by model.ending.collectAsStateWithLifecycle()
    val shared by model.shared.collectAsStateWithLifecycle()
    val typed by model.typed.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    WhenSaved(saving, model::seen, onGone)
    EndScreen(
        ending,
        EndChoice(shared, typed, saving),
        around,
        onExport = { onGo(LeavingPlaces.EXPORT) },
        onThisPhone = { onGo(LeavingPlaces.THIS_PHONE) },
        onChoose = model::choose,
        onType = model::type,
        onEnd = model::end,
        onTryAgain = model::tryAgain
    )
}

/** What is chosen and typed on the page of the end. */
data class EndChoice(val shared: SharedThen = SharedThen.STAYS, val typed: String = "", val saving: Saving = Saving.Not)

/** What remains where, sentence by sentence; then a choice, and a word to type. */
@Composable
fun EndScreen(
    loaded: Loaded<Ending>,
    choice: EndChoice,
    around: Around,
    onExport: () -> Unit,
    onThisPhone: () -> Unit,
    onChoose: (SharedThen) -> Unit,
    onType: (String) -> Unit,
    onEnd: () -> Unit,
    onTryAgain: () -> Unit
) {
    Page(stringResource(R.string.end_title), around) {
        WhyNot(choice.saving)
        LoadedPart(loaded) { ending ->
            when (ending) {
                is Ending.NotNow -> Notice(sentence(ending.why.words))
                is Ending.Before -> BeforeTheEnd(ending.before, choice, onExport, onChoose, onType, onEnd)
                is Ending.Decided -> Decided(ending.standing, choice.saving, onExport, onEnd, onTryAgain)
            }
        }
        val isDecided = (loaded as? Loaded.Here)?.value is Ending.Decided
        if (loaded is Loaded.Here && !isDecided) {
            Heading(stringResource(R.string.end_only_here))
            Quiet(stringResource(R.string.end_only_here_means))
            OtherButton(stringResource(R.string.this_phone_title), onThisPhone)
        }
    }
}

@Composable
private fun BeforeTheEnd(
    before: BeforeEndingView,
    choice: EndChoice,
    onExport: () -> Unit,
    onChoose: (SharedThen) -> Unit,
    onType: (String) -> Unit,
    onEnd: () -> Unit
) {
    Panel { for (sentence in before.sentences) Text(sentence) }
    OtherButton(stringResource(R.string.end_export_first), onExport)
    if (before.clinic != null && before.shared > 0u) {
        Heading(stringResource(R.string.end_shared))
        Column(Modifier.selectableGroup()) {
            RadioRow(
                stringResource(R.string.end_stays),
                choice.shared == SharedThen.STAYS,
                stringResource(R.string.end_stays_means)
            ) { onChoose(SharedThen.STAYS) }
            RadioRow(
                stringResource(R.string.end_taken_back),
                choice.shared == SharedThen.IS_TAKEN_BACK,
                stringResource(R.string.end_taken_back_means)
            ) { onChoose(SharedThen.IS_TAKEN_BACK) }
        }
    }
    TypedWord(stringResource(R.string.end_word), choice.typed, onType)
    val isTyped = choice.typed.trim() == stringResource(R.string.end_word)
    val words = if (before.isOnServer) R.string.end_do else R.string.end_do_alone
    MainButton(stringResource(words), onEnd, enabled = isTyped && choice.saving !is Saving.Now)
}

/** A word that is typed, so that nothing that can't be undone is done by a slip of the hand. */
@Composable
internal fun TypedWord(word: String, typed: String, onType: (String) -> Unit) {
    OutlinedTextField(
        typed,
        onType,
        Modifier.fillMaxWidth(),
        label = { Text(stringResource(R.string.end_type, word)) },
        keyboardOptions = KeyboardOptions(capitalization = KeyboardCapitalization.Characters),
        singleLine = true
    )
}

@Composable
private fun Decided(
    standing: AccountStanding,
    saving: Saving,
    onExport: () -> Unit,
    onEnd: () -> Unit,
    onTryAgain: () -> Unit
) {
    val isReady = saving !is Saving.Now
    when (standing) {
        is AccountStanding.Ending -> {
            Notice(stringResource(R.string.ending_now, told(standing.at)))
            Text(stringResource(R.string.ending_goes_on))
            if (standing.waiting > 0u) Quiet(plural(R.plurals.ending_waiting, standing.waiting))
            MainButton(stringResource(R.string.try_again), onTryAgain, enabled = isReady)
        }

        is AccountStanding.Ended -> {
            Notice(stringResource(R.string.ending_done, told(standing.at)))
            MainButton(stringResource(R.string.ending_clear), onTryAgain, enabled = isReady)
        }

        is AccountStanding.EndedElsewhere -> {
            Notice(stringResource(R.string.ending_elsewhere, told(standing.at)))
            if (standing.neverSent > 0u) Text(plural(R.plurals.ending_never_sent, standing.neverSent))
            if (standing.stillShown > 0u) Text(plural(R.plurals.ending_still_shown, standing.stillShown))
            standing.until?.let { Text(stringResource(R.string.ending_session_day, told(it))) }
            OtherButton(stringResource(R.string.end_export_first), onExport)
            MainButton(stringResource(R.string.ending_clear), onEnd, enabled = isReady)
        }
    }
}

@Composable
private fun plural(words: Int, count: ULong): String = pluralStringResource(words, count.toInt(), count.toInt())
