package org.kapcompanion.app.sessions

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
import org.kapcompanion.app.ui.watchingTime
import org.kapcompanion.core.IntentionRequest
import org.kapcompanion.core.NewsAnswer
import org.kapcompanion.core.PreparationChange
import org.kapcompanion.core.PreparationItem
import org.kapcompanion.core.WhoReads

private const val ESCORT = "escort"
private const val NUMBER = "number"
private const val INTENTION = "intention"
private const val READERS = "readers"
private const val NEWS = "news"

/** What is half typed on the page. */
data class PrepareDraft(
    val escort: String = "",
    val number: String = "",
    val intention: String = "",
    val readers: WhoReads = WhoReads.ONLY_ME,
    val news: String = ""
)

/** What is settled before one session. What is half typed outlives whatever ends the app. */
class PrepareViewModel(
    private val session: UUID,
    private val saved: SavedStateHandle,
    door: RecordDoor,
    exchange: Exchange,
    drafts: Drafts
) : ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)

    /** What there is. */
    val preparing: StateFlow<Loaded<Preparing>> = door.watchingTime { record -> preparing(record, session) }
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** What is half typed. */
    val draft: StateFlow<PrepareDraft> = combine(
        saved.getStateFlow(ESCORT, ""),
        saved.getStateFlow(NUMBER, ""),
        saved.getStateFlow(INTENTION, ""),
        saved.getStateFlow(READERS, WhoReads.ONLY_ME),
        saved.getStateFlow(NEWS, ""),
        ::PrepareDraft
    ).stateIn(viewModelScope, SharingStarted.Eagerly, typed())

    /** How the last change went. */
    val saving: StateFlow<Saving> = acts.saving

    private val kept = drafts.of(this, saved, "prepare", session, ESCORT, NUMBER, INTENTION, NEWS)

    init {
        viewModelScope.launch { kept.takeUp() }
    }

    private fun typed() = PrepareDraft(
        saved[ESCORT] ?: "",
        saved[NUMBER] ?: "",
        saved[INTENTION] ?: "",
        saved[READERS] ?: WhoReads.ONLY_ME,
        saved[NEWS] ?: ""
    )

    /** Keeps what is typed. */
    fun type(draft: PrepareDraft) {
        saved[ESCORT] = draft.escort
        saved[NUMBER] = draft.number
        saved[INTENTION] = draft.intention
        saved[READERS] = draft.readers
        saved[NEWS] = draft.news
        kept.changed()
    }

    /** Names who takes them home, as it is typed. */
    fun nameEscort() {
        val typed = typed()
        if (typed.escort.isBlank()) return
        val change = PreparationChange.Escort(typed.escort.trim(), typed.number.trim().ifEmpty { null }, null)
        acts.begin(then = { type(typed().copy(escort = "", number = "")) }) { it.prepare(session, listOf(change)) }
    }

    /** Nobody takes them home any more. */
    fun nameNobody() = acts.begin { it.prepare(session, listOf(PreparationChange.NoEscort)) }

    /** The ride is agreed. */
    fun confirmRide() = acts.begin { it.confirmRide(session) }

    /** Ticks a thing of the list, or takes the tick away. */
    fun tick(item: PreparationItem, isDone: Boolean) {
        val change = if (isDone) PreparationChange.Done(item) else PreparationChange.NotDone(item)
        acts.begin { it.prepare(session, listOf(change)) }
    }

    /** Whether they want eyeshades. */
    fun wantEyeshades(wanted: Boolean) = acts.begin { it.prepare(session, listOf(PreparationChange.Eyeshades(wanted))) }

    /** Whether they want music. */
    fun wantMusic(wanted: Boolean) = acts.begin { it.prepare(session, listOf(PreparationChange.Music(wanted))) }

    /** Writes down what to hold in mind, as it is typed; the list has that done then. */
    fun writeIntention() {
        val typed = typed()
        if (typed.intention.isBlank()) return
        val here = (preparing.value as? Loaded.Here)?.value
        val isBefore = here != null && here.sharing != Sharing.QUIET_HOURS
        acts.begin(then = { type(typed().copy(intention = "", readers = WhoReads.ONLY_ME)) }) { record ->
            val request = IntentionRequest(
                about = session,
                text = typed.intention.trim(),
                visibility = if (here?.sharing == Sharing.OFFERED) typed.readers else WhoReads.ONLY_ME,
                at = record.now()
            )
            record.allIntentions().use { it.create(request) }
            if (isBefore) record.prepare(session, listOf(PreparationChange.Done(PreparationItem.Intention)))
        }
    }

    /** Nothing is new. */
    fun nothingNew() = acts.begin { it.sayWhatIsNew(session, NewsAnswer.NOTHING, "") }

    /** Something is new, as it is typed. */
    fun somethingNew() {
        val typed = typed()
        if (typed.news.isBlank()) return
        acts.begin(then = { type(typed().copy(news = "")) }) {
            it.sayWhatIsNew(session, NewsAnswer.SOMETHING, typed.news.trim())
        }
    }

    companion object {
        /** Of one session. */
        fun factory(session: UUID) = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                PrepareViewModel(session, createSavedStateHandle(), app.door, app.exchange, app.drafts)
            }
        }
    }
}
