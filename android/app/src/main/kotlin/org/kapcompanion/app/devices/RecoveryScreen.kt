package org.kapcompanion.app.devices

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.selection.DisableSelection
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.font.FontFamily
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
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.app.ui.told
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.EarlierWords
import org.kapcompanion.core.words

/** Recovery words. */
@Composable
fun RecoveryRoute(around: Around, onDone: () -> Unit) {
    val model: RecoveryViewModel = viewModel(factory = RecoveryViewModel.Factory)
    val now by model.now.collectAsStateWithLifecycle()
    val making by model.making.collectAsStateWithLifecycle()
    val failed by model.failed.collectAsStateWithLifecycle()
    val isBusy by model.isBusy.collectAsStateWithLifecycle()
    val leaving = around.copy(
        onBack = around.onBack?.let { back ->
            {
                model.leave()
                back()
            }
        }
    )
    when (val step = making) {
        is Making.Not -> RecoveryScreen(
            now,
            failed,
            isBusy,
            leaving,
            onMake = model::make,
            onCheckOne = model::checkOne,
            onEndOthers = model::endOthers
        )

        is Making.Shown -> SheetScreen(step, leaving, onShow = model::show, onWritten = model::check)

        is Making.Check -> CheckWordsScreen(
            step,
            failed,
            isBusy,
            leaving,
            onType = model::type,
            onConfirm = model::confirm,
            onLookAgain = model::lookAgain
        )

        is Making.Done -> WordsDoneScreen(step, leaving) {
            model.leave()
            onDone()
        }
    }
}

/** Which words there are, what they are for, and a warning before some are made. */
@Composable
fun RecoveryScreen(
    loaded: Loaded<RecoveryNow>,
    failed: CompanionException?,
    isBusy: Boolean,
    around: Around,
    onMake: () -> Unit,
    onCheckOne: (Int) -> Unit,
    onEndOthers: () -> Unit
) {
    Page(stringResource(R.string.recovery_title), around) {
        if (failed != null) Notice(sentence(failed.words), isProblem = true)
        LoadedPart(loaded) { shown ->
            val words = shown.words
            Text(stringResource(R.string.recovery_means))
            val standing = words.standing
            val toConfirm = words.toConfirm
            if (standing != null) {
                Notice(stringResource(R.string.recovery_stand, told(standing.madeAt), standing.madeOn))
                if (standing.makerRemoved) Notice(stringResource(R.string.recovery_maker_removed), isProblem = true)
            }
            if (toConfirm != null) {
                Panel {
                    Text(stringResource(R.string.recovery_to_confirm, told(toConfirm.madeAt)))
                    val place = toConfirm.asksFor.toInt()
                    MainButton(stringResource(R.string.recovery_on_paper), { onCheckOne(place) })
                }
            }
            if (words.others.isNotEmpty()) {
                Panel {
                    Text(stringResource(R.string.recovery_others))
                    OtherButton(stringResource(R.string.recovery_end_others), onEndOthers)
                }
            }
            if (!shown.isPaired) {
                Notice(stringResource(R.string.recovery_needs_clinic))
            } else {
                Panel {
                    Heading(stringResource(R.string.recovery_before))
                    Text(stringResource(R.string.recovery_warning_paper))
                    Text(stringResource(R.string.recovery_warning_who))
                    Text(stringResource(R.string.recovery_warning_alone))
                    if (standing != null) Text(stringResource(R.string.recovery_warning_replaces))
                    MainButton(stringResource(R.string.recovery_make), onMake, enabled = !isBusy)
                }
            }
        }
    }
}

/** The words, hidden until the person asks for them. */
@Composable
fun SheetScreen(shown: Making.Shown, around: Around, onShow: (Boolean) -> Unit, onWritten: () -> Unit) {
    Page(stringResource(R.string.recovery_sheet), around) {
        if (!shown.isVisible) {
            Text(stringResource(R.string.recovery_hidden))
            MainButton(stringResource(R.string.recovery_show), { onShow(true) })
        } else {
            Text(stringResource(R.string.recovery_write_down))
            Panel {
                DisableSelection {
                    for ((index, word) in shown.sheet.words.withIndex()) {
                        Text(
                            stringResource(R.string.recovery_numbered, index + 1, word),
                            style = MaterialTheme.typography.titleLarge
                        )
                    }
                    Quiet(stringResource(R.string.recovery_server))
                    Text(shown.sheet.server, fontFamily = FontFamily.Monospace)
                }
            }
            OtherButton(stringResource(R.string.recovery_hide), { onShow(false) })
            MainButton(stringResource(R.string.recovery_on_paper), onWritten)
        }
    }
}

/** Some of the words are asked for. */
@Composable
fun CheckWordsScreen(
    check: Making.Check,
    failed: CompanionException?,
    isBusy: Boolean,
    around: Around,
    onType: (Int, String) -> Unit,
    onConfirm: () -> Unit,
    onLookAgain: () -> Unit
) {
    Page(stringResource(R.string.recovery_check), around) {
        Text(stringResource(R.string.recovery_check_how))
        for ((index, place) in check.places.withIndex()) {
            OutlinedTextField(
                check.typed[index],
                { onType(index, it) },
                Modifier.fillMaxWidth(),
                label = { Text(stringResource(R.string.recovery_word, place)) },
                isError = check.wrong == place,
                keyboardOptions = SecretWords,
                singleLine = true
            )
        }
        check.wrong?.let { Notice(stringResource(R.string.recovery_wrong, it), isProblem = true) }
        if (failed != null) Notice(sentence(failed.words), isProblem = true)
        val isReady = check.typed.all(String::isNotBlank) && !isBusy
        MainButton(stringResource(R.string.recovery_confirm), onConfirm, enabled = isReady)
        if (check.sheet != null) OtherButton(stringResource(R.string.recovery_look_again), onLookAgain)
    }
}

/** They are good. */
@Composable
fun WordsDoneScreen(done: Making.Done, around: Around, onDone: () -> Unit) {
    Page(stringResource(R.string.recovery_done), around) {
        Text(stringResource(R.string.recovery_done_means))
        when (done.earlier) {
            EarlierWords.THERE_WERE_NONE -> Unit
            EarlierWords.RETIRED -> Text(stringResource(R.string.recovery_earlier_retired))
            EarlierWords.NOT_YET -> Notice(stringResource(R.string.recovery_earlier_not_yet), isProblem = true)
        }
        MainButton(stringResource(R.string.done), onDone)
    }
}
