package org.kapcompanion.app.sharing

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider
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
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.app.ui.sharingOf
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.RemainsView
import org.kapcompanion.core.WhoReads

private const val ASKED = "asked"

/** What a page needs to know to share something, to take it back, or to delete it. */
data class OwnStanding(
    /** Whether it can be shared now. */
    val sharing: Sharing,
    /** Who reads it; nothing where it is private. */
    val readers: WhoReads?,
    /** What of it stays where. */
    val remains: RemainsView
)

/** What somebody is asked once more before it is done. */
enum class Asked { NOTHING, TAKE_BACK, DELETE }

/** What became of the thing that a page shows. */
sealed interface Became {
    /** It is as it was. */
    data object Same : Became

    /** Something is being done with it. */
    data object Busy : Became

    /** It was shared or taken back, and has another name now. */
    data class Moved(val id: UUID) : Became

    /** It was deleted. */
    data object Gone : Became

    /** Nothing was done with it. */
    data class Failed(val why: CompanionException) : Became
}

/** Shares one thing that a person wrote, takes it back, deletes it. */
class OwnViewModel(
    private val saved: SavedStateHandle,
    private val door: RecordDoor,
    private val exchange: Exchange,
    private val kind: OwnKind,
    private val id: UUID
) : ViewModel() {
    private val progress = MutableStateFlow<Became>(Became.Same)

    /** How it stands. */
    val standing: StateFlow<Loaded<OwnStanding>> = door
        .watching { record ->
            OwnStanding(sharingOf(record), kind.verbs.readers(record, id), kind.verbs.remains(record, id))
        }
        // Nothing is read for a page that is not shown.
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** What is asked once more. */
    val asked: StateFlow<Asked> = saved.getStateFlow(ASKED, Asked.NOTHING)

    /** What became of it. */
    val became: StateFlow<Became> = progress.asStateFlow()

    /** Asks once more, or no more. */
    fun ask(asked: Asked) {
        saved[ASKED] = asked
    }

    /** Lets the care team read it. */
    fun share(readers: WhoReads) = doing { record -> Became.Moved(kind.verbs.share(record, id, readers)) }

    /** Takes it back. */
    fun takeBack() = doing { record -> Became.Moved(kind.verbs.takeBack(record, id)) }

    /** Deletes it. */
    fun delete() = doing { record ->
        kind.verbs.delete(record, id)
        Became.Gone
    }

    /** Somebody saw what became of it. */
    fun seen() {
        progress.value = Became.Same
    }

    private fun doing(act: suspend (PhoneRecord) -> Became) {
        if (progress.value is Became.Busy) return
        progress.value = Became.Busy
        viewModelScope.launch {
            progress.value = try {
                door.use(act).also {
                    ask(Asked.NOTHING)
                    exchange.soon()
                }
            } catch (why: CompanionException) {
                Became.Failed(why)
            }
        }
    }

    companion object {
        /** For one thing. */
        fun factory(kind: OwnKind, id: UUID): ViewModelProvider.Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                OwnViewModel(createSavedStateHandle(), app.door, app.exchange, kind, id)
            }
        }
    }
}
