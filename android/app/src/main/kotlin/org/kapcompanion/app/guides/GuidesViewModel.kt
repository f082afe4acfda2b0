package org.kapcompanion.app.guides

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.util.Locale
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.stateIn
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.WhileShown
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.GuideDesk
import org.kapcompanion.core.PairingStanding
import org.kapcompanion.core.PhoneRecord

/** The guides that lie before somebody. */
data class Guides(
    val desk: GuideDesk,
    /** The clinic that hears what is opened and ticked; nothing where none does. */
    val hearer: String?
)

/** The guides: what is to be read now, what comes next, and what can be looked up. */
class GuidesViewModel(door: RecordDoor) : ViewModel() {
    /** All of them. */
    val guides: StateFlow<Loaded<Guides>> = door
        .watching { record -> Guides(record.guides(languageTag()), hearerOf(record)) }
        .stateIn(viewModelScope, WhileShown, Loaded.NotYet)

    companion object {
        val Factory = viewModelFactory {
            initializer { GuidesViewModel(checkNotNull(this[APPLICATION_KEY]).companion.door) }
        }
    }
}

/** The language that the phone is set to, as the core asks for one. */
internal fun languageTag(): String = Locale.getDefault().toLanguageTag()

/** What is opened while a phone waits is told once it is let in. */
internal suspend fun hearerOf(record: PhoneRecord): String? {
    val status = record.status()
    return when (status.pairing) {
        is PairingStanding.Paired, is PairingStanding.Waiting -> status.clinic.orEmpty()
        else -> null
    }
}
