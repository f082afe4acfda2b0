package org.kapcompanion.app.reminders

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.time.LocalDate
import java.time.ZoneId
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.stateIn
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Acts
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.dayOf
import org.kapcompanion.app.ui.watchingTime
import org.kapcompanion.core.ClockTime
import org.kapcompanion.core.LockScreenWords
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.QuietTime
import org.kapcompanion.core.ReminderChoice
import org.kapcompanion.core.ReminderPause
import org.kapcompanion.core.ReminderPreferencesView
import org.kapcompanion.core.ReminderRequest
import org.kapcompanion.core.ReminderTopic
import org.kapcompanion.core.ReminderView
import org.kapcompanion.core.toCalendarDay

private const val FROM = "from"
private const val UNTIL = "until"
private const val MOVED = "moved"
private const val MOVED_TO = "moved-to"
private const val NOTHING = -1
private const val MINUTES = 60

/** What is planned, and what the person chose about it. */
data class Reminders(
    val planned: List<ReminderView>,
    val chosen: ReminderPreferencesView,
    /** Today, by the clock of the record. */
    val today: LocalDate
)

/** What is half chosen. */
data class RemindersDraft(
    /** Quiet hours that are being set; nothing while they are not. */
    val quiet: QuietTime? = null,
    /** The rule of a reminder that is being moved, and to when. */
    val moved: String? = null,
    val movedTo: ClockTime? = null
)

/** Reminders: what is planned, and every choice about it. Each choice is the person's, and wins over the clinic's. */
class RemindersViewModel(private val saved: SavedStateHandle, door: RecordDoor, exchange: Exchange) : ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)

    /** What is planned and chosen. */
    val reminders: StateFlow<Loaded<Reminders>> =
        door.watchingTime(::reminders).stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** What is half chosen. */
    val draft: StateFlow<RemindersDraft> = combine(
        saved.getStateFlow(FROM, NOTHING),
        saved.getStateFlow(UNTIL, NOTHING),
        saved.getStateFlow<String?>(MOVED, null),
        saved.getStateFlow(MOVED_TO, NOTHING)
    ) { from, until, moved, to -> draftOf(from, until, moved, to) }
        .stateIn(viewModelScope, SharingStarted.Eagerly, typed())

    /** How the last choice went. */
    val saving: StateFlow<Saving> = acts.saving

    private fun typed() = draftOf(
        saved[FROM] ?: NOTHING,
        saved[UNTIL] ?: NOTHING,
        saved[MOVED],
        saved[MOVED_TO] ?: NOTHING
    )

    /** Keeps what is half chosen. */
    fun type(draft: RemindersDraft) {
        saved[FROM] = draft.quiet?.from.minutes()
        saved[UNTIL] = draft.quiet?.until.minutes()
        saved[MOVED] = draft.moved
        saved[MOVED_TO] = draft.movedTo.minutes()
    }

    private fun choose(choice: ReminderChoice, then: () -> Unit = {}) =
        acts.begin(then) { it.chooseReminders(listOf(choice)) }

    /** A break from all of them, or none. */
    fun pauseAll(until: ReminderPause?) = choose(ReminderChoice.PauseAll(until))

    /** Whether there are reminders of a topic. */
    fun remindOf(topic: ReminderTopic, isOn: Boolean) =
        choose(ReminderChoice.PauseTopic(topic, if (isOn) null else ReminderPause.Open))

    /** Keeps the quiet hours that are being set. */
    fun keepQuiet() {
        val quiet = typed().quiet ?: return
        choose(ReminderChoice.Quiet(quiet)) { type(typed().copy(quiet = null)) }
    }

    /** Quiet in the clinic's hours again. */
    fun quietAsTheClinic() = choose(ReminderChoice.Quiet(null)) { type(typed().copy(quiet = null)) }

    /** Moves the reminder that is being moved. */
    fun move() {
        val typed = typed()
        val rule = typed.moved ?: return
        choose(ReminderChoice.RuleAt(rule, typed.movedTo)) { type(typed().copy(moved = null, movedTo = null)) }
    }

    /** When to ask for a check-in; nothing for when the clinic's rules say. */
    fun checkInAt(time: ClockTime?) = choose(ReminderChoice.CheckInAt(time))

    /** What a locked screen tells. */
    fun onLockScreen(words: LockScreenWords) = choose(ReminderChoice.OnLockScreen(words))

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                RemindersViewModel(createSavedStateHandle(), app.door, app.exchange)
            }
        }
    }
}

private fun draftOf(from: Int, until: Int, moved: String?, movedTo: Int): RemindersDraft {
    val (begins, ends) = clock(from) to clock(until)
    return RemindersDraft(if (begins != null && ends != null) QuietTime(begins, ends) else null, moved, clock(movedTo))
}

private fun clock(minutes: Int): ClockTime? =
    if (minutes == NOTHING) null else ClockTime((minutes / MINUTES).toUByte(), (minutes % MINUTES).toUByte())

private fun ClockTime?.minutes(): Int = if (this == null) NOTHING else hour.toInt() * MINUTES + minute.toInt()

private suspend fun reminders(record: PhoneRecord): Reminders {
    val now = record.now()
    // As a phone that has nothing scheduled yet: all that is planned.
    val request = ReminderRequest(ZoneId.systemDefault().id, now, shown = emptyList(), scheduled = emptyList())
    return Reminders(record.reminders(request).toSchedule, record.reminderPreferences(), dayOf(now))
}

/** A pause until so many days from a day on. */
internal fun pauseFor(days: Long, from: LocalDate): ReminderPause =
    ReminderPause.Until(from.plusDays(days).toCalendarDay())
