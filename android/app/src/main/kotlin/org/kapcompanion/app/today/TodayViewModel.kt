package org.kapcompanion.app.today

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.stateIn
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.Reached
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.sessions.isToReview
import org.kapcompanion.app.ui.Acts
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.dayOf
import org.kapcompanion.app.ui.watchingTime
import org.kapcompanion.core.CheckInView
import org.kapcompanion.core.CommitmentView
import org.kapcompanion.core.DayWordAbout
import org.kapcompanion.core.DosingSessionView
import org.kapcompanion.core.PageRequest
import org.kapcompanion.core.PairingStanding
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.ReplyView
import org.kapcompanion.core.SessionTodayView
import org.kapcompanion.core.WarningView
import org.kapcompanion.core.toLocalDate

/** The one thing that matters now. */
sealed interface Card {
    /** Somebody at the clinic has to let this phone in. */
    data class Waiting(val clinic: String, val hasWords: Boolean) : Card

    /** It is the day of a session. */
    data class Session(val today: SessionTodayView) : Card

    /** How somebody is was not said today. */
    data object CheckIn : Card

    /** The next session is planned. */
    data class Next(val session: DosingSessionView) : Card

    /** Nothing is asked. */
    data class Calm(val checkIn: CheckInView) : Card
}

/** What the first page shows. */
data class Today(
    val card: Card,
    /** Whether how somebody is can be said below the card. */
    val offersCheckIn: Boolean,
    /** The newest reply of the care team. */
    val reply: ReplyView?,
    /** What the person wanted to do, once the day has come to look at it again. */
    val toLookAt: CommitmentView? = null,
    /** How much of quiet hours that are over waits to be kept or shared. */
    val toReview: Int = 0,
    /** Changes that wait on this phone. */
    val waiting: ULong,
    val warnings: List<WarningView>
)

/** Today, from what the core says of it. */
class TodayViewModel(door: RecordDoor, private val exchange: Exchange) : ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)

    /** What to show. */
    val today: StateFlow<Loaded<Today>> =
        door.watchingTime(::today).stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** Whether the server was reached. */
    val reached: StateFlow<Reached> = exchange.reached

    /** How the last change went. */
    val saving: StateFlow<Saving> = acts.saving

    /** The session that is on is over. */
    fun sayEnded() {
        val card = (today.value as? Loaded.Here)?.value?.card as? Card.Session ?: return
        acts.begin { it.markDay(card.today.session, DayWordAbout.ENDED) }
    }

    /** Tries to reach the server again. */
    fun askAgain() = exchange.soon()

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                TodayViewModel(app.door, app.exchange)
            }
        }
    }
}

private suspend fun today(record: PhoneRecord): Today {
    val status = record.status()
    val session = record.sessionDay()
    val last = record.checkIns().use { it.page(PageRequest(rows = 1u)) }.items.firstOrNull()
    val saidToday = last?.takeIf { dayOf(it.at) == dayOf(record.now()) }
    val pairing = status.pairing
    val card = when {
        pairing is PairingStanding.Waiting -> Card.Waiting(status.clinic.orEmpty(), pairing.compareWords != null)
        session != null -> Card.Session(session)
        saidToday == null -> Card.CheckIn
        else -> record.nextSession()?.let { Card.Next(it) } ?: Card.Calm(saidToday)
    }
    return Today(
        card = card,
        // On the day of a session nothing is to be rated, unless the core offers it.
        offersCheckIn = card !is Card.CheckIn && session?.offers?.measures != false,
        reply = record.replies().use { it.page(PageRequest(rows = 1u)) }.items.firstOrNull(),
        toLookAt = if (session?.offers?.prompts == false) null else toLookAt(record),
        toReview = if (session?.offers?.sharing == false) 0 else record.toReview().size,
        // Alone, nothing is on its way to anybody.
        waiting = if (pairing is PairingStanding.Paired) status.waiting else 0u,
        warnings = status.warnings
    )
}

private const val MOST_ROWS = 500u

/** What the person wanted to do, and has not said what became of it; the one that waits longest. */
private suspend fun toLookAt(record: PhoneRecord): CommitmentView? =
    record.commitments().use { it.page(PageRequest(oldestFirst = true, rows = MOST_ROWS)) }.items
        .filter { isToReview(it, record) }
        .minByOrNull { checkNotNull(it.reviewOn).toLocalDate() }
