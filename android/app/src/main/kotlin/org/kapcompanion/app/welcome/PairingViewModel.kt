package org.kapcompanion.app.welcome

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.Reached
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.StatusView

private const val LINK = "link"

/** What a tap on *Pair* came to. */
sealed interface Trying {
    data object Not : Trying

    data object Now : Trying

    data class Failed(val why: CompanionException) : Trying
}

/** Pairing with a clinic: the link, then the words, then the wait for whoever lets this phone in. */
class PairingViewModel(
    private val saved: SavedStateHandle,
    private val door: RecordDoor,
    private val exchange: Exchange
) : ViewModel() {
    private val attempt = MutableStateFlow<Trying>(Trying.Not)

    /** The link, as it was typed, pasted or followed. */
    val link: StateFlow<String> = saved.getStateFlow(LINK, "")

    /** How the attempt goes. */
    val trying: StateFlow<Trying> = attempt.asStateFlow()

    /** Whether the server was reached. */
    val reached: StateFlow<Reached> = exchange.reached

    /** How the phone stands: alone, waiting, let in. */
    val standing: StateFlow<Loaded<StatusView>> =
        door.watching { it.status() }.stateIn(viewModelScope, SharingStarted.Eagerly, Loaded.NotYet)

    /** Takes what is typed. */
    fun type(link: String) {
        saved[LINK] = link
        attempt.value = Trying.Not
    }

    /** Pairs by the link. */
    fun pair() {
        if (attempt.value is Trying.Now) return
        attempt.value = Trying.Now
        viewModelScope.launch {
            attempt.value = try {
                door.use { it.pair(link.value.trim()) }
                saved[LINK] = ""
                exchange.begin()
                Trying.Not
            } catch (why: CompanionException) {
                Trying.Failed(why)
            }
        }
    }

    /** Asks the server whether somebody answered. */
    fun askAgain() = exchange.soon()

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                PairingViewModel(createSavedStateHandle(), app.door, app.exchange)
            }
        }
    }
}
