package org.kapcompanion.app.sharing

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.stateIn
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Acts
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.ApartView

/** What was written in two places apart, until somebody chooses one of the wordings. */
class WordingsViewModel(door: RecordDoor, exchange: Exchange) : ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)

    /** All of them. */
    val apart: StateFlow<Loaded<List<ApartView>>> = door.watching { it.inTwoWordings() }
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** How choosing goes. */
    val choosing: StateFlow<Saving> = acts.saving

    /** Keeps one of the wordings of a field. */
    fun choose(apart: ApartView, field: String, wording: String) =
        acts.begin { it.chooseWording(apart.id, apart.kind, apart.revision, field, wording) }

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                WordingsViewModel(app.door, app.exchange)
            }
        }
    }
}
