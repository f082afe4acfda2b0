package org.kapcompanion.app.team

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
import org.kapcompanion.core.AcceptRequest
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.RecordPart
import org.kapcompanion.core.ReleaseNowView
import org.kapcompanion.core.RequestNowView
import org.kapcompanion.core.ToldView

private const val WORDS = "words"
private const val WITHOUT = "without"
private const val IS_ASKED = "asked"

/** What somebody outside may be told, what the clinic asks for, and what was told. */
data class Releases(
    val requests: List<RequestNowView>,
    val given: List<ReleaseNowView>,
    val told: List<ToldView>,
    /** How many days one may run at most. */
    val longestDays: Int
)

/** Releases: what a person allows the clinic to tell somebody outside. */
class ReleasesViewModel(private val saved: SavedStateHandle, door: RecordDoor, exchange: Exchange) : ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)

    /** All of them, and what was told. */
    val releases: StateFlow<Loaded<Releases>> = door
        .watching { record ->
            Releases(
                record.releaseRequests(),
                record.releases(),
                record.toldOutside(),
                record.longestReleaseDays().toInt()
            )
        }
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** Words for the clinic, when something is taken back or declined. */
    val words: StateFlow<String> = saved.getStateFlow(WORDS, "")

    /** Parts to leave out. */
    val without: StateFlow<List<RecordPart>> = saved.getStateFlow(WITHOUT, emptyList())

    /** Whether it is asked once more. */
    val isAsked: StateFlow<Boolean> = saved.getStateFlow(IS_ASKED, false)

    /** How it goes. */
    val saving: StateFlow<Saving> = acts.saving

    /** Takes what is typed. */
    fun type(words: String) {
        saved[WORDS] = words
    }

    /** Leaves a part out, or not. */
    fun leaveOut(part: RecordPart, isOut: Boolean) {
        saved[WITHOUT] = ArrayList(if (isOut) without.value + part else without.value - part)
    }

    /** Asks once more, or no more. */
    fun ask(isAsked: Boolean) {
        saved[IS_ASKED] = isAsked
    }

    /** Takes a release back, for good. */
    fun takeBack(id: UUID) = doing { it.takeBackRelease(id, words.value.trim()) }

    /** Leaves less to be told, by the parts that are left out. */
    fun narrow(id: UUID) = doing { it.narrowRelease(id, without.value, null) }

    /** Allows what the clinic asked for, but for the parts that are left out. */
    fun accept(request: RequestNowView) = doing { record ->
        val sections = request.terms.sections - without.value.toSet()
        val all = sections == request.terms.sections
        record.acceptRelease(request.id, AcceptRequest(sections = sections.takeUnless { all }))
    }

    /** Declines it. */
    fun decline(request: RequestNowView) = doing { it.declineRelease(request.id, words.value.trim()) }

    /** Somebody saw how it went. */
    fun seen() = acts.seen()

    private fun doing(act: suspend (PhoneRecord) -> Unit) {
        val then = {
            saved[WORDS] = ""
            saved[WITHOUT] = ArrayList<RecordPart>()
            saved[IS_ASKED] = false
        }
        acts.begin(then, act)
    }

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                ReleasesViewModel(createSavedStateHandle(), app.door, app.exchange)
            }
        }
    }
}
