package org.kapcompanion.app.checkin

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.util.UUID
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.Drafts
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.CheckInPage
import org.kapcompanion.core.CheckInRequest
import org.kapcompanion.core.CheckInView
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.PageRequest

private const val ROWS = 30u
private const val MOST_ROWS = 500u
private const val FEELING = "feeling"
private const val NOTE = "note"
private const val SEEN = "seen"

/** The check-ins so far, the newest first. */
@OptIn(ExperimentalCoroutinesApi::class)
class SaidViewModel(private val door: RecordDoor) : ViewModel() {
    private val rows = MutableStateFlow(ROWS)

    /** As many as were asked for. */
    val said: StateFlow<Loaded<CheckInPage>> = rows
        .flatMapLatest { rows ->
            door.watching(setOf("check_in")) { record -> record.checkIns().use { it.page(PageRequest(rows = rows)) } }
        }
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** Shows older ones too. */
    fun more() {
        rows.value = minOf(rows.value + ROWS, MOST_ROWS)
    }

    /** One of them. */
    fun one(id: UUID): Flow<Loaded<CheckInView>> =
        door.watching(setOf("check_in")) { record -> record.checkIns().use { it.get(id) } }

    companion object {
        val Factory = viewModelFactory {
            initializer { SaidViewModel(checkNotNull(this[APPLICATION_KEY]).companion.door) }
        }
    }
}

/** A check-in that is edited. */
class EditCheckInViewModel(
    private val saved: SavedStateHandle,
    private val door: RecordDoor,
    private val exchange: Exchange,
    drafts: Drafts,
    private val id: UUID
) : ViewModel() {
    private val progress = MutableStateFlow<Saving>(Saving.Not)
    private var stands: CheckInView? = null

    /** 1 to 7; 0 as long as it is not read. */
    val feeling: StateFlow<Int> = saved.getStateFlow(FEELING, 0)

    /** Words to add. */
    val note: StateFlow<String> = saved.getStateFlow(NOTE, "")

    /** How saving goes. */
    val saving: StateFlow<Saving> = progress.asStateFlow()

    private val draft = drafts.of(this, saved, "check_in", id, FEELING, NOTE, SEEN)

    /** The page is opened: what is half written stays, else it begins with what the record says. */
    fun begin() {
        viewModelScope.launch { load() }
    }

    /** Somebody saw that it is saved. */
    fun seen() {
        progress.value = Saving.Not
    }

    private suspend fun load() {
        draft.takeUp()
        try {
            val one = door.record().checkIns().use { it.get(id) }
            if (saved.get<String>(SEEN) == null) {
                saved[FEELING] = one.valence.toInt()
                saved[NOTE] = one.note
                saved[SEEN] = one.head.revision
            }
            stands = one
        } catch (why: CompanionException) {
            progress.value = Saving.Failed(why)
        }
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

    /** Writes it into the record. */
    fun save() {
        val one = stands ?: return
        val seen = saved.get<String>(SEEN) ?: return
        if (progress.value is Saving.Now) return
        progress.value = Saving.Now
        viewModelScope.launch {
            progress.value = try {
                door.use { record -> record.checkIns().use { it.edit(id, seen, changed(one)) } }
                saved.remove<String>(SEEN)
                draft.forget()
                exchange.soon()
                Saving.Done
            } catch (why: CompanionException) {
                Saving.Failed(why)
            }
        }
    }

    private fun changed(one: CheckInView) = CheckInRequest(
        valence = feeling.value.toUByte(),
        energy = one.energy,
        anxiety = one.anxiety,
        sleep = one.sleep,
        feelings = one.feelings,
        note = note.value.trim(),
        visibility = one.visibility,
        at = one.at
    )

    companion object {
        /** For one check-in. */
        fun factory(id: UUID): ViewModelProvider.Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                EditCheckInViewModel(createSavedStateHandle(), app.door, app.exchange, app.drafts, id)
            }
        }
    }
}
