package org.kapcompanion.app.devices

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
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Acts
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.DeviceView
import org.kapcompanion.core.PairingStanding
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.RetractedChangeView

private const val NAME = "name"
private const val REMOVING = "removing"

/** The members of the record, and what this phone is called. */
data class Devices(
    val name: String,
    val isPaired: Boolean,
    /** Everybody who is in the record, or was; none before pairing. */
    val all: List<DeviceView>,
    /** How many phones came by this phone's link and wait to be let in. */
    val waiting: Int,
    /** Where the clinic has moved to, until this phone followed it. */
    val movedTo: String? = null,
    /** What does not count any more, since the phone that wrote it was removed as of before. */
    val retracted: List<RetractedChangeView> = emptyList()
)

/** The person's phones: what they are called, and removing one that is lost. */
class DevicesViewModel(private val saved: SavedStateHandle, door: RecordDoor, exchange: Exchange) : ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)

    // In memory alone: whoever has these words can read and join the record.
    private val typedWords = MutableStateFlow("")

    /** All of them. */
    val devices: StateFlow<Loaded<Devices>> = door.watching(load = ::devicesOf)
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** The new name of this phone; nothing where it is not being changed. */
    val name: StateFlow<String?> = saved.getStateFlow(NAME, null)

    /** Which one is to be removed: it is asked once more. */
    val removing: StateFlow<String?> = saved.getStateFlow(REMOVING, null)

    /** Recovery words, for removing a phone that was there before this one. */
    val words: StateFlow<String> = typedWords.asStateFlow()

    /** How it goes. */
    val saving: StateFlow<Saving> = acts.saving

    /** Takes a new name; nothing to leave it. */
    fun name(name: String?) {
        saved[NAME] = name
        acts.seen()
    }

    /** Calls this phone so. */
    fun rename() {
        val name = saved.get<String>(NAME)?.trim() ?: return
        acts.begin {
            it.renamePhone(name)
            saved[NAME] = null
        }
    }

    /** Asks once more before one is removed; nothing to ask no more. */
    fun ask(member: String?) {
        saved[REMOVING] = member
        typedWords.value = ""
        acts.seen()
    }

    /** Takes recovery words. */
    fun typeWords(words: String) {
        typedWords.value = words
    }

    /** Removes a phone: by the words where some were typed. */
    fun remove(member: String) = acts.begin { record ->
        val words = typedWords.value.trim()
        if (words.isEmpty()) record.removeDevice(member) else record.removeDeviceWithWords(member, words)
        saved[REMOVING] = null
        typedWords.value = ""
    }

    /** Goes to the server that the clinic moved to. */
    fun followClinic() = acts.begin { it.followClinic() }

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                DevicesViewModel(createSavedStateHandle(), app.door, app.exchange)
            }
        }
    }
}

private suspend fun devicesOf(record: PhoneRecord): Devices {
    val status = record.status()
    // A phone that is alone has no members to name.
    val all = if (status.pairing is PairingStanding.Alone) emptyList() else record.devices()
    return Devices(
        status.name,
        status.pairing is PairingStanding.Paired,
        all,
        record.newcomers().size,
        status.movedTo,
        record.retracted()
    )
}
