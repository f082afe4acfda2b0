package org.kapcompanion.app.attach

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import org.kapcompanion.app.CompanionApp
import org.kapcompanion.app.companion
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.core.AttachmentRequest
import org.kapcompanion.core.EntryRequest
import org.kapcompanion.core.LocalMoment

/**
 * Says something by voice, on any page: a button; while it listens, one to end; and then it is an entry of the journal.
 * [entry] says of what kind it is and who reads it, and is asked when the voice ends; [onKept] is called once it is in
 * the record. The one thing that a page has to bring is a place for it in its column; [button] draws the one that begins.
 */
@Composable
fun SayIt(
    entry: (LocalMoment) -> EntryRequest,
    onKept: () -> Unit = {},
    button: @Composable (String, () -> Unit) -> Unit = { words, onTap -> OtherButton(words, onTap) }
) {
    val model: SayItViewModel = viewModel(factory = SayItViewModel.Factory)
    model.entry = entry
    val voice by model.voice.voice.collectAsStateWithLifecycle()
    LaunchedEffect(voice is Voice.Kept) { if (voice is Voice.Kept) onKept() }
    VoiceOf(model.voice, button)
}

/** A voice that becomes an entry of its own. */
internal class SayItViewModel(app: CompanionApp) : ViewModel() {
    /** What the entry is, from the page that shows it. */
    lateinit var entry: (LocalMoment) -> EntryRequest

    val voice = VoiceTaker(app.scope, app.media.recorder, app.recordings) { what ->
        app.door.use { record ->
            record.createAttached(entry(record.now()), AttachmentRequest(what.length, what.mediaType), what.source)
        }
        app.exchange.soon()
    }

    companion object {
        val Factory = viewModelFactory {
            initializer { SayItViewModel(checkNotNull(this[APPLICATION_KEY]).companion) }
        }
    }
}
