package org.kapcompanion.app.sessions

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
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
import org.kapcompanion.app.ui.dayOf
import org.kapcompanion.app.ui.sharingOf
import org.kapcompanion.app.ui.watchingTime
import org.kapcompanion.core.CommitmentRequest
import org.kapcompanion.core.CommitmentView
import org.kapcompanion.core.PageRequest
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.toCalendarDay
import org.kapcompanion.core.toLocalDate

private const val TEXT = "text"
private const val DAYS = "days"
private const val READERS = "readers"
private const val MOST_ROWS = 500u
private const val NO_DAY = 0

/** What was agreed on, or what somebody wants to do. */
data class Agreed(
    /** Nobody has said what became of it; those whose day has come first. */
    val open: List<CommitmentView>,
    /** Of those it was said. */
    val said: List<CommitmentView>,
    val sharing: Sharing
)

/** One that is being written. */
data class AgreedDraft(
    val text: String = "",
    /** In how many days to look at it again; 0 for no day. */
    val days: Int = NO_DAY,
    val readers: WhoReads = WhoReads.ONLY_ME
)

/** Small things to do between sessions, and what became of them. Nothing is counted in a row. */
class AgreedViewModel(private val saved: SavedStateHandle, door: RecordDoor, exchange: Exchange, drafts: Drafts) :
    ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)

    /** All of them. */
    val agreed: StateFlow<Loaded<Agreed>> =
        door.watchingTime(::agreed).stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** The one that is being written. */
    val draft: StateFlow<AgreedDraft> = combine(
        saved.getStateFlow(TEXT, ""),
        saved.getStateFlow(DAYS, NO_DAY),
        saved.getStateFlow(READERS, WhoReads.ONLY_ME),
        ::AgreedDraft
    ).stateIn(viewModelScope, SharingStarted.Eagerly, typed())

    /** How the last change went. */
    val saving: StateFlow<Saving> = acts.saving

    private val kept = drafts.of(this, saved, "agreed", null, TEXT)

    init {
        viewModelScope.launch { kept.takeUp() }
    }

    private fun typed() = AgreedDraft(saved[TEXT] ?: "", saved[DAYS] ?: NO_DAY, saved[READERS] ?: WhoReads.ONLY_ME)

    /** Keeps what is typed and chosen. */
    fun type(draft: AgreedDraft) {
        saved[TEXT] = draft.text
        saved[DAYS] = draft.days
        saved[READERS] = draft.readers
        kept.changed()
    }

    /** Writes it down. */
    fun add() {
        val typed = typed()
        if (typed.text.isBlank()) return
        val sharing = (agreed.value as? Loaded.Here)?.value?.sharing
        acts.begin(then = { type(AgreedDraft()) }) { record ->
            val now = record.now()
            val day = dayOf(now).plusDays(typed.days.toLong()).toCalendarDay()
            val request = CommitmentRequest(
                text = typed.text.trim(),
                reviewOn = day.takeIf { typed.days != NO_DAY },
                visibility = if (sharing == Sharing.OFFERED) typed.readers else WhoReads.ONLY_ME,
                at = now
            )
            record.commitments().use { it.create(request) }
        }
    }

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                AgreedViewModel(createSavedStateHandle(), app.door, app.exchange, app.drafts)
            }
        }
    }
}

private suspend fun agreed(record: PhoneRecord): Agreed {
    val all = record.commitments().use { it.page(PageRequest(rows = MOST_ROWS)) }.items
    val (open, said) = all.partition { it.became == null }
    return Agreed(open.sortedBy { !isToReview(it, record) }, said, sharingOf(record))
}

/** Whether its day has come, and nobody has said what became of it. */
internal fun isToReview(commitment: CommitmentView, record: PhoneRecord): Boolean {
    val day = commitment.reviewOn?.toLocalDate() ?: return false
    return commitment.became == null && day <= dayOf(record.now())
}
