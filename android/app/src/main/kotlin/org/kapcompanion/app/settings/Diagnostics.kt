package org.kapcompanion.app.settings

import android.content.ClipData
import android.content.ClipboardManager
import android.content.Context
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.font.FontFamily
import androidx.core.content.getSystemService
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import org.kapcompanion.app.R
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.Door
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Loading
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.words

/** How the record on this phone is, without a word of what is in it; also where it does not open. */
class DiagnosticsViewModel(private val door: RecordDoor) : ViewModel() {
    private val made = MutableStateFlow<Loaded<String>?>(null)

    /** The report, once it was asked for. */
    val report: StateFlow<Loaded<String>?> = made.asStateFlow()

    /** Makes it. All of the record is compared for that. */
    fun make() {
        if (made.value is Loaded.NotYet) return
        made.value = Loaded.NotYet
        viewModelScope.launch {
            made.value = try {
                val open = door.door.value as? Door.Open
                Loaded.Here((open?.record?.diagnostics() ?: door.reportOnUnopened()).asWords)
            } catch (why: CompanionException) {
                Loaded.Problem(why)
            }
        }
    }

    companion object {
        val Factory = viewModelFactory {
            initializer { DiagnosticsViewModel(checkNotNull(this[APPLICATION_KEY]).companion.door) }
        }
    }
}

/** The report on the record. */
@Composable
fun DiagnosticsRoute(around: Around) {
    val model: DiagnosticsViewModel = viewModel(factory = DiagnosticsViewModel.Factory)
    val report by model.report.collectAsStateWithLifecycle()
    val context = LocalContext.current
    val label = stringResource(R.string.diagnostics_title)
    var isCopied by rememberSaveable { mutableStateOf(false) }
    DiagnosticsScreen(report, isCopied, around, onMake = model::make) { words ->
        context.copy(label, words)
        isCopied = true
    }
}

private fun Context.copy(label: String, words: String) =
    checkNotNull(getSystemService<ClipboardManager>()).setPrimaryClip(ClipData.newPlainText(label, words))

/** What is in the report, the report to be read whole, and to copy it. */
@Composable
fun DiagnosticsScreen(
    report: Loaded<String>?,
    isCopied: Boolean,
    around: Around,
    onMake: () -> Unit,
    onCopy: (String) -> Unit
) {
    Page(stringResource(R.string.diagnostics_title), around) {
        Text(stringResource(R.string.diagnostics_means))
        when (report) {
            null -> MainButton(stringResource(R.string.diagnostics_make), onMake)

            is Loaded.NotYet -> Loading(stringResource(R.string.diagnostics_making))

            is Loaded.Problem -> Notice(sentence(report.why.words), isProblem = true)

            is Loaded.Here -> {
                Panel {
                    Text(
                        report.value,
                        style = MaterialTheme.typography.bodyMedium,
                        fontFamily = FontFamily.Monospace
                    )
                }
                MainButton(stringResource(R.string.diagnostics_copy), { onCopy(report.value) })
                if (isCopied) Notice(stringResource(R.string.diagnostics_copied))
                Quiet(stringResource(R.string.diagnostics_sent_by_you))
            }
        }
    }
}
