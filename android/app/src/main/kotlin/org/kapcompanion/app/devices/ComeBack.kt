package org.kapcompanion.app.devices

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
import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.createSavedStateHandle
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
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.BottomAction
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhenSaved
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.words

private const val SERVER = "server"

/** The way back on a new phone, by the recovery words and the address on their sheet. */
class ComeBackViewModel(
    private val saved: SavedStateHandle,
    private val door: RecordDoor,
    private val exchange: Exchange
) : ViewModel() {
    private val progress = MutableStateFlow<Saving>(Saving.Not)

    // In memory alone: whoever has them can read and join the record.
    private val typed = MutableStateFlow("")

    /** The server's address. */
    val server: StateFlow<String> = saved.getStateFlow(SERVER, "")

    /** The twelve words. */
    val words: StateFlow<String> = typed.asStateFlow()

    /** How it goes. */
    val saving: StateFlow<Saving> = progress.asStateFlow()

    /** Takes the address. */
    fun typeServer(server: String) {
        saved[SERVER] = server
    }

    /** Takes the words. */
    fun typeWords(words: String) {
        typed.value = words
    }

    /** Comes back. */
    fun comeBack() {
        if (progress.value is Saving.Now) return
        progress.value = Saving.Now
        viewModelScope.launch {
            progress.value = try {
                door.use { it.recover(server.value.trim(), typed.value.trim()) }
                typed.value = ""
                exchange.begin()
                Saving.Done
            } catch (why: CompanionException) {
                Saving.Failed(why)
            }
        }
    }

    /** Somebody saw that it went well. */
    fun seen() {
        progress.value = Saving.Not
    }

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                ComeBackViewModel(createSavedStateHandle(), app.door, app.exchange)
            }
        }
    }
}

/** The way back by recovery words. */
@Composable
fun ComeBackRoute(around: Around, onBack: () -> Unit) {
    val model: ComeBackViewModel = viewModel(factory = ComeBackViewModel.Factory)
    val server by model.server.collectAsStateWithLifecycle()
    val words by model.words.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    WhenSaved(saving, model::seen, onBack)
    ComeBackScreen(server, words, saving, around, model::typeServer, model::typeWords, model::comeBack)
}

/** What is on the sheet goes here. */
@Composable
fun ComeBackScreen(
    server: String,
    words: String,
    saving: Saving,
    around: Around,
    onServer: (String) -> Unit,
    onWords: (String) -> Unit,
    onComeBack: () -> Unit
) {
    Page(stringResource(R.string.come_back_title), around, bottom = {
        val isReady = server.isNotBlank() && words.isNotBlank() && saving !is Saving.Now
        BottomAction(stringResource(R.string.come_back_do), onComeBack, isReady)
    }) {
        Text(stringResource(R.string.come_back_how))
        OutlinedTextField(
            words,
            onWords,
            Modifier.fillMaxWidth(),
            label = { Text(stringResource(R.string.come_back_words)) },
            keyboardOptions = SecretWords,
            minLines = 3
        )
        OutlinedTextField(
            server,
            onServer,
            Modifier.fillMaxWidth(),
            label = { Text(stringResource(R.string.come_back_server)) },
            keyboardOptions = KeyboardOptions(
                capitalization = KeyboardCapitalization.None,
                autoCorrectEnabled = false,
                keyboardType = KeyboardType.Uri
            ),
            singleLine = true
        )
        WhyNot(saving)
        Quiet(stringResource(R.string.come_back_not_sent))
        Quiet(stringResource(R.string.come_back_lost_phone))
    }
}
