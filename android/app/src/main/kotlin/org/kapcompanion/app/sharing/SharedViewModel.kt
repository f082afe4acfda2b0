package org.kapcompanion.app.sharing

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.util.UUID
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
import org.kapcompanion.core.CompanionException
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
class SharedViewModel(
    private val saved: SavedStateHandle,
    private val door: RecordDoor,
    private val exchange: Exchange
) : ViewModel() {
    private val progress = MutableStateFlow<Saving>(Saving.Not)

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
    val takingBack: StateFlow<Saving> = progress.asStateFlow()

    /** Asks once more, or no more. */
    fun ask(id: UUID?) {
        saved[ASKED] = id
    }

    /** Takes one back. */
    fun takeBack(item: OwnItem) {
        if (progress.value is Saving.Now) return
        progress.value = Saving.Now
        viewModelScope.launch {
            progress.value = try {
                door.use { item.kind.verbs.takeBack(it, item.head.id) }
                ask(null)
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
                SharedViewModel(createSavedStateHandle(), app.door, app.exchange)
            }
        }
    }
}
