package org.kapcompanion.app.checkin

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.Drafts
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Acts
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.app.ui.sharingOf
import org.kapcompanion.app.ui.watchingTime
import org.kapcompanion.core.CheckInRequest
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.WhoReads

private const val FEELING = "feeling"
private const val NOTE = "note"
private const val READERS = "readers"

/** How somebody is, in two taps: a step, and *Done*. All else can be left out. */
class CheckInViewModel(private val saved: SavedStateHandle, door: RecordDoor, exchange: Exchange, drafts: Drafts) :
    ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)

    /** 1 to 7; 0 as long as nothing is chosen. */
    val feeling: StateFlow<Int> = saved.getStateFlow(FEELING, 0)

    /** Words to add. */
    val note: StateFlow<String> = saved.getStateFlow(NOTE, "")

    /** Who may read it. */
    val readers: StateFlow<WhoReads> = saved.getStateFlow(READERS, WhoReads.ONLY_ME)

    /** Whether it can be shared; nothing as long as that is not read. */
    val sharing: StateFlow<Sharing?> = door.watchingTime(::sharingOf)
        .map { (it as? Loaded.Here)?.value }
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), null)

    /** How saving goes. */
    val saving: StateFlow<Saving> = acts.saving

    private val draft = drafts.of(this, saved, "check_in", null, FEELING, NOTE)

    init {
        viewModelScope.launch { draft.takeUp() }
    }

    /** Chooses a step. */
    fun feel(feeling: Int) {
        saved[FEELING] = feeling
        draft.changed()
    }

    /** Takes what is typed. */
    fun type(note: String) {
        saved[NOTE] = note
        draft.changed()
    }

    /** Chooses who may read it. */
    fun letRead(readers: WhoReads) {
        saved[READERS] = readers
    }

    /** Writes it into the record. What was chosen stays until that is done. */
    fun save() {
        if (feeling.value != 0) acts.begin(::forget) { record -> record.checkIns().use { it.create(request(record)) } }
    }

    private suspend fun request(record: PhoneRecord) = CheckInRequest(
        valence = feeling.value.toUByte(),
        note = note.value.trim(),
        visibility = if (sharing.value == Sharing.OFFERED) readers.value else WhoReads.ONLY_ME,
        at = record.now()
    )

    private fun forget() {
        saved[FEELING] = 0
        saved[NOTE] = ""
        // The next one is nobody's until it is shared, whatever was chosen for this one.
        saved[READERS] = WhoReads.ONLY_ME
        draft.changed()
    }

    /** Somebody saw that it is saved. */
    fun seen() = acts.seen()

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                CheckInViewModel(createSavedStateHandle(), app.door, app.exchange, app.drafts)
            }
        }
    }
}
