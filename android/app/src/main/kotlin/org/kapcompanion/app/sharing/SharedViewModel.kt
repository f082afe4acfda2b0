package org.kapcompanion.app.sharing

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.util.UUID
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
import org.kapcompanion.core.DeletedItemView
import org.kapcompanion.core.RemainsView

private const val ASKED = "asked"

/** Everything that somebody at the clinic can read, and what was. */
data class SharedThings(
    /** The clinic's name; nothing where the phone is paired with none. */
    val clinic: String?,
    /** The newest first, each with what stays where once it is taken back. */
    val items: List<Pair<OwnItem, RemainsView>>,
    /** What was shared once and deleted since. */
    val deleted: List<DeletedItemView>
)

/** All that a person shares, in one list; it can be taken back from there. */
class SharedViewModel(private val saved: SavedStateHandle, door: RecordDoor, exchange: Exchange) : ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)

    /** The list. */
    val things: StateFlow<Loaded<SharedThings>> = door
        .watching { record ->
            val items = OwnKind.entries.flatMap { it.verbs.shared(record) }
            SharedThings(
                record.status().clinic,
                items.sortedByDescending { it.at.instant }
                    .map { it to it.kind.verbs.remains(record, it.head.id) },
                record.deleted()
            )
        }
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** Which of them is to be taken back: it is asked once more. */
    val asked: StateFlow<UUID?> = saved.getStateFlow(ASKED, null)

    /** How taking back goes. */
    val takingBack: StateFlow<Saving> = acts.saving

    /** Asks once more, or no more. */
    fun ask(id: UUID?) {
        saved[ASKED] = id
    }

    /** Takes one back. */
    fun takeBack(item: OwnItem) = acts.begin(then = { ask(null) }) { item.kind.verbs.takeBack(it, item.head.id) }

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                SharedViewModel(createSavedStateHandle(), app.door, app.exchange)
            }
        }
    }
}
