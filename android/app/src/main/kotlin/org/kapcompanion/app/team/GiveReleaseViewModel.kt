package org.kapcompanion.app.team

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
import org.kapcompanion.core.AfterProgramme
import org.kapcompanion.core.LocalMoment
import org.kapcompanion.core.RecordPart
import org.kapcompanion.core.ReleaseTermsRequest

private const val PROVIDER = "provider"
private const val WHAT = "what"
private const val CONTACT = "contact"
private const val PURPOSE = "purpose"
private const val PARTS = "parts"
private const val DAYS = "days"
private const val ENDS = "ends"

/** A release that is being written: whom, what, what for, how long. */
data class Draft(
    val provider: String = "",
    val what: String = "",
    val contact: String = "",
    val purpose: String = "",
    val parts: List<RecordPart> = emptyList(),
    val days: Int = Lengths.first(),
    val endsWithProgram: Boolean = true
) {
    /** Whether there is enough to ask the core. */
    val isReady: Boolean get() = provider.isNotBlank() && purpose.isNotBlank() && parts.isNotEmpty()
}

/** For how many days a release may be given; the clinic may allow less. */
internal val Lengths = listOf(30, 90, 180, 365)

/** A release while it is written. It outlives the system's ending the app. */
class GiveReleaseViewModel(private val saved: SavedStateHandle, door: RecordDoor, exchange: Exchange) : ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)
    private val drafted = MutableStateFlow(
        Draft(
            saved[PROVIDER] ?: "",
            saved[WHAT] ?: "",
            saved[CONTACT] ?: "",
            saved[PURPOSE] ?: "",
            saved[PARTS] ?: emptyList(),
            saved[DAYS] ?: Lengths.first(),
            saved[ENDS] ?: true
        )
    )

    /** What is written so far. */
    val draft: StateFlow<Draft> = drafted.asStateFlow()

    /** How many days it may run at most; nothing as long as that is not read. */
    val longest: StateFlow<Loaded<Int>> = door.watching { it.longestReleaseDays().toInt() }
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** How giving it goes. */
    val saving: StateFlow<Saving> = acts.saving

    /** Takes what was changed. */
    fun write(draft: Draft) {
        drafted.value = draft
        saved[PROVIDER] = draft.provider
        saved[WHAT] = draft.what
        saved[CONTACT] = draft.contact
        saved[PURPOSE] = draft.purpose
        saved[PARTS] = ArrayList(draft.parts)
        saved[DAYS] = draft.days
        saved[ENDS] = draft.endsWithProgram
    }

    /** Gives it. */
    fun give() {
        val draft = drafted.value
        if (draft.isReady) acts.begin(then = { write(Draft()) }) { it.giveRelease(terms(draft, it.now())) }
    }

    /** Somebody saw that it was given. */
    fun seen() = acts.seen()

    private fun terms(draft: Draft, now: LocalMoment) = ReleaseTermsRequest(
        provider = draft.provider.trim(),
        what = draft.what.trim(),
        contact = draft.contact.trim(),
        sections = draft.parts,
        purpose = draft.purpose.trim(),
        until = LocalMoment(now.instant.plusSeconds(draft.days * SECONDS_OF_A_DAY), now.offsetMinutes),
        atProgrammeEnd = if (draft.endsWithProgram) AfterProgramme.ENDS else AfterProgramme.GOES_ON
    )

    companion object {
        private const val SECONDS_OF_A_DAY = 86_400L

        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                GiveReleaseViewModel(createSavedStateHandle(), app.door, app.exchange)
            }
        }
    }
}
