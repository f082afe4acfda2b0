package org.kapcompanion.app.leaving

import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Loading
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.asks
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.app.ui.told
import org.kapcompanion.core.ImportPlanView
import org.kapcompanion.core.ImportView
import org.kapcompanion.core.KindCountView
import org.kapcompanion.core.words

/** Bringing a record that was taken along. */
@Composable
fun ImportRoute(around: Around, onDone: () -> Unit) {
    val model: ImportViewModel = viewModel(factory = ImportViewModel.Factory)
    val importing by model.importing.collectAsStateWithLifecycle()
    val pick = rememberLauncherForActivityResult(ActivityResultContracts.OpenDocumentTree()) { tree ->
        tree?.let(model::read)
    }
    ImportScreen(
        importing,
        around,
        onPick = { if (!pick.asks(null)) model.cannotPick() },
        onBringIn = model::bringIn,
        onStop = model::stop,
        onDone = {
            model.seen()
            onDone()
        }
    )
}

/** The folder, what is in it, and what came of it. */
@Composable
fun ImportScreen(
    importing: Importing,
    around: Around,
    onPick: () -> Unit,
    onBringIn: () -> Unit,
    onStop: () -> Unit,
    onDone: () -> Unit
) {
    Page(stringResource(R.string.import_title), around) {
        when (importing) {
            is Importing.Reading -> {
                Loading(stringResource(R.string.import_reading))
                OtherButton(stringResource(R.string.export_stop), onStop)
            }

            is Importing.Now -> {
                Loading(stringResource(R.string.import_running))
                OtherButton(stringResource(R.string.export_stop), onStop)
            }

            is Importing.Planned -> Planned(importing.plan, onBringIn, onStop)

            is Importing.Done -> {
                Notice(stringResource(R.string.import_done))
                Panel { Came(importing.report) }
                MainButton(stringResource(R.string.go_on), onDone)
            }

            else -> {
                when (importing) {
                    is Importing.Failed -> Notice(sentence(importing.why.words), isProblem = true)
                    is Importing.FolderFailed -> Notice(stringResource(wordsOf(importing.trouble)), isProblem = true)
                    else -> Unit
                }
                Text(stringResource(R.string.import_means))
                Quiet(stringResource(R.string.import_nobody_told))
                MainButton(stringResource(R.string.import_pick), onPick)
            }
        }
    }
}

@Composable
private fun Planned(plan: ImportPlanView, onBringIn: () -> Unit, onStop: () -> Unit) {
    Panel {
        Text(stringResource(R.string.import_exported, told(plan.exportedAt)))
        plan.clinic?.let { Text(stringResource(R.string.import_with, it)) }
        val (oldest, newest) = plan.oldest to plan.newest
        if (oldest != null && newest != null) {
            Text(stringResource(R.string.import_span, told(oldest), told(newest)))
        }
        Came(plan.would)
        if (plan.leftOutOfUnknownKinds > 0u) Text(plural(R.plurals.import_left_out, plan.leftOutOfUnknownKinds))
    }
    Quiet(stringResource(R.string.import_private))
    MainButton(stringResource(R.string.import_do), onBringIn)
    OtherButton(stringResource(R.string.import_not), onStop)
}

@Composable
private fun Came(report: ImportView) {
    Text(plural(R.plurals.import_own, sum(report.own)))
    if (report.former.isNotEmpty()) Text(plural(R.plurals.import_former, sum(report.former)))
    if (report.files > 0u) Text(plural(R.plurals.import_files, report.files))
    if (report.hereAlready > 0u) Text(plural(R.plurals.import_here_already, report.hereAlready))
    if (report.inOtherWords > 0u) Text(plural(R.plurals.import_other_words, report.inOtherWords))
    if (report.deletedHere > 0u) Text(plural(R.plurals.import_deleted_here, report.deletedHere))
    if (report.withoutFile > 0u) Text(plural(R.plurals.import_without_file, report.withoutFile))
}

private fun sum(counts: List<KindCountView>): ULong = counts.sumOf { it.count }

@Composable
private fun plural(words: Int, count: ULong): String = pluralStringResource(words, count.toInt(), count.toInt())
