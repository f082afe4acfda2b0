package org.kapcompanion.app.dosing

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
import org.kapcompanion.app.sessions.GETTING_HOME
import org.kapcompanion.app.sessions.RuleOfClinic
import org.kapcompanion.app.sessions.rulesOfClinic
import org.kapcompanion.app.ui.Acts
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.watchingTime
import org.kapcompanion.core.DayWordAbout
import org.kapcompanion.core.DosingSessionView
import org.kapcompanion.core.HeldBackView
import org.kapcompanion.core.HeldStanding
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.SessionStage
import org.kapcompanion.core.SessionTodayView
import org.kapcompanion.core.WhoReads

private const val RESTING = "resting"

/** The day of a session, as far as its stage lets anything be shown. */
data class SessionDay(
    /** The session whose day it is; nothing on all other days. */
    val today: SessionTodayView?,
    /** The session itself, once it is over: where it was, and how to reach the clinic. */
    val session: DosingSessionView? = null,
    /** What the clinic wrote about the way home. */
    val home: RuleOfClinic? = null,
    /** How much is kept to be looked at again. */
    val kept: Int = 0,
    /** What was written in quiet hours that are over, and waits to be kept or shared. */
    val toReview: List<HeldBackView> = emptyList()
)

/** The day of a session. Its stage follows the core's clock, also while somebody looks. */
class SessionDayViewModel(private val saved: SavedStateHandle, door: RecordDoor, exchange: Exchange) : ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)

    /** The day. */
    val day: StateFlow<Loaded<SessionDay>> =
        door.watchingTime(::sessionDay).stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** How the last change went. */
    val saving: StateFlow<Saving> = acts.saving

    /** Whether the person chose to rest: nothing is shown then but that. */
    val isResting: StateFlow<Boolean> = saved.getStateFlow(RESTING, false)

    /** Rests, or goes on. */
    fun rest(isResting: Boolean) {
        saved[RESTING] = isResting
    }

    /** The person is there. */
    fun sayHere() = mark { record, session -> record.markDay(session, DayWordAbout.HERE) }

    /** It is over. */
    fun sayEnded() = mark { record, session -> record.markDay(session, DayWordAbout.ENDED) }

    /** It is not over: that was said by mistake. */
    fun sayNotEnded() = mark { record, session -> record.unmarkDay(session, DayWordAbout.ENDED) }

    private fun mark(say: suspend (PhoneRecord, UUID) -> Unit) {
        val session = (day.value as? Loaded.Here)?.value?.today?.session ?: return
        acts.begin { say(it, session) }
    }

    /** Keeps one private, for good unless it is shared like any other later. */
    fun keepPrivate(id: UUID) = acts.begin { it.keepPrivate(id) }

    /** Lets the care team see one. */
    fun share(id: UUID, readers: WhoReads) = acts.begin { it.shareReviewed(id, readers) }

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                SessionDayViewModel(createSavedStateHandle(), app.door, app.exchange)
            }
        }
    }
}

private suspend fun sessionDay(record: PhoneRecord): SessionDay {
    val today = record.sessionDay()
    return when (today?.stage) {
        SessionStage.DURING -> SessionDay(today)

        SessionStage.AFTER -> SessionDay(
            today,
            session = record.dosingSessions().use { it.get(today.session) },
            home = rulesOfClinic(record).find { it.slot == GETTING_HOME && it.lines.isNotEmpty() },
            kept = record.heldBackHere().count { it.standing is HeldStanding.Quiet }
        )

        SessionStage.BEFORE, SessionStage.NEXT_DAY, null -> SessionDay(today, toReview = record.toReview())
    }
}
