package org.kapcompanion.app.leaving

import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.asks
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.core.ExportView
import org.kapcompanion.core.words

/** Taking everything along. */
@Composable
fun ExportRoute(around: Around) {
    val model: ExportViewModel = viewModel(factory = ExportViewModel.Factory)
    val exporting by model.exporting.collectAsStateWithLifecycle()
    val pick = rememberLauncherForActivityResult(ActivityResultContracts.OpenDocumentTree()) { tree ->
        tree?.let(model::begin)
    }
    ExportScreen(exporting, around, onPick = { if (!pick.asks(null)) model.cannotPick() }, onStop = model::stop)
}

/** What is taken along, that it is not sealed, and how far it got. */
@Composable
fun ExportScreen(exporting: Exporting, around: Around, onPick: () -> Unit, onStop: () -> Unit) {
    Page(stringResource(R.string.export_title), around) {
        when (exporting) {
            is Exporting.Now -> Running(exporting, onStop)

            is Exporting.Done -> {
                Exported(exporting)
                OtherButton(stringResource(R.string.export_again), onPick)
            }

            else -> {
                when (exporting) {
                    is Exporting.Failed -> Notice(sentence(exporting.why.words), isProblem = true)
                    is Exporting.FolderFailed -> Notice(stringResource(wordsOf(exporting.trouble)), isProblem = true)
                    is Exporting.Not -> if (exporting.wasStopped) Notice(stringResource(R.string.export_stopped))
                }
                Text(stringResource(R.string.export_means))
                Notice(stringResource(R.string.export_not_sealed), isProblem = true)
                Quiet(stringResource(R.string.export_changes_nothing))
                MainButton(stringResource(R.string.export_pick), onPick)
            }
        }
    }
}

internal fun wordsOf(trouble: FolderTrouble): Int = when (trouble) {
    FolderTrouble.FULL -> R.string.folder_full
    FolderTrouble.FAILED -> R.string.folder_failed
    FolderTrouble.NO_PICKER -> R.string.folder_no_picker
}

@Composable
private fun Running(now: Exporting.Now, onStop: () -> Unit) {
    Text(stringResource(R.string.export_running))
    if (now.of == 0) {
        LinearProgressIndicator(Modifier.fillMaxWidth())
    } else {
        LinearProgressIndicator({ now.done.toFloat() / now.of }, Modifier.fillMaxWidth())
        Quiet(stringResource(R.string.export_so_far, 100 * now.done / now.of))
    }
    Quiet(stringResource(R.string.export_keep_open))
    OtherButton(stringResource(R.string.export_stop), onStop)
}

@Composable
private fun Exported(done: Exporting.Done) {
    val export = done.export
    Notice(stringResource(R.string.export_done, done.folder))
    Panel {
        Text(plural(R.plurals.export_documents, export.documents))
        Text(stringResource(R.string.export_begin_with))
        for ((words, count) in exceptions(export)) if (count > 0u) Text(plural(words, count))
    }
    Notice(stringResource(R.string.export_not_sealed), isProblem = true)
}

@Composable
private fun plural(words: Int, count: ULong): String = pluralStringResource(words, count.toInt(), count.toInt())

/** What is not in it, or not as one would think. */
private fun exceptions(export: ExportView): List<Pair<Int, ULong>> = listOf(
    R.plurals.export_unreadable to export.unreadable,
    R.plurals.export_unknown to export.unknown,
    R.plurals.export_not_here to export.attachmentsNotHere,
    R.plurals.export_lost to export.attachmentsLost
)
