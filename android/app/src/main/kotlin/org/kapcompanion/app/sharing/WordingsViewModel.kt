package org.kapcompanion.app.sharing

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
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
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.ApartView
import org.kapcompanion.core.CompanionException

/** What was written in two places apart, until somebody chooses one of the wordings. */
class WordingsViewModel(private val door: RecordDoor, private val exchange: Exchange) : ViewModel() {
    private val progress = MutableStateFlow<Saving>(Saving.Not)

    /** All of them. */
    val apart: StateFlow<Loaded<List<ApartView>>> = door.watching { it.inTwoWordings() }
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** How choosing goes. */
    val choosing: StateFlow<Saving> = progress.asStateFlow()

    /** Keeps one of the wordings of a field. */
    fun choose(apart: ApartView, field: String, wording: String) {
        if (progress.value is Saving.Now) return
        progress.value = Saving.Now
        viewModelScope.launch {
            progress.value = try {
                door.use { it.chooseWording(apart.id, apart.kind, apart.revision, field, wording) }
                exchange.soon()
                Saving.Done
            } catch (why: CompanionException) {
                Saving.Failed(why)
            }
        }
    }

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                WordingsViewModel(app.door, app.exchange)
            }
        }
    }
}
