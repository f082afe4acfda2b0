package org.kapcompanion.app.reminders

import android.content.Context
import java.time.Duration
import java.time.Instant
import java.time.ZonedDateTime
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.LocalMoment
import org.kapcompanion.core.ReminderChanges
import org.kapcompanion.core.ReminderRequest
import org.kapcompanion.core.ReminderView
import org.kapcompanion.core.ScheduledReminder
import org.kapcompanion.core.ShownReminder
import org.kapcompanion.core.changes
import org.kapcompanion.core.toLocalMoment

/** How long the planner wants to know of what was shown. */
private val REMEMBERED = Duration.ofDays(8)

/** Just before a reminder is due: what the plan of then says of it is what it says. */
private val BEFORE = Duration.ofMinutes(1)

/**
 * How late an alarm may be of which this phone kept no note, since its disk was full: the record is asked what it wanted to
 * say since then.
 */
private val LATEST = Duration.ofHours(12)

/** What of a person's reminders the record says is to be scheduled. */
fun interface ReminderPlanner {
    /** @throws CompanionException where the record can't be opened or read. */
    suspend fun plan(request: ReminderRequest): ReminderChanges
}

/**
 * Keeps the system's alarms as the core plans them. On this phone alone, and off until the person turns it on.
 *
 * A page calls [turnOn] once the system lets the app show notifications (see [ReminderSwitch]), [turnOff], and nothing
 * after a change of the record: those are heard here.
 */
class ReminderAlarms(
    context: Context,
    private val file: ReminderFile,
    private val scope: CoroutineScope,
    private val clock: () -> ZonedDateTime = ZonedDateTime::now,
    private val planner: ReminderPlanner
) {
    private val alarms = SystemAlarms(context)
    private val notices = Notices(context)
    private val turn = Mutex()
    private var book: ReminderBook? = null
    private val on = MutableStateFlow<Boolean?>(null)

    // What the system forgot before this process began (the app was stopped by force), nobody tells.
    private var isSure = false

    /** Whether the person turned reminders on; nothing as long as it is not read. */
    val isOn: StateFlow<Boolean?> = on.asStateFlow()

    /** Whether the start of fasting can be said to the minute. */
    fun mayBeExact(): Boolean = alarms.mayBeExact()

    /** Plans after each change of the record, for as long as the process lives. */
    @OptIn(ExperimentalCoroutinesApi::class)
    fun follow(door: RecordDoor) {
        scope.launch { door.records.flatMapLatest { it.record.changes() }.conflate().collect { plan() } }
    }

    /** Turns reminders on: sets what is planned. */
    suspend fun turnOn() {
        turn.withLock { keep(known().copy(isOn = true)) }
        notices.prepare()
        plan()
    }

    /** Turns reminders off: nothing is set any more, and none is shown. */
    suspend fun turnOff() = turn.withLock {
        known().set.forEach { alarms.cancel(it.id) }
        keep(known().copy(isOn = false, set = emptyList()))
        notices.clear()
    }

    /** Sets and cancels what the record's plan says, by the present clock and zone. */
    suspend fun plan() = turn.withLock { planNow() }

    /** The system forgot alarms, or may have moved them: everything is set once more. */
    suspend fun planAnew() = turn.withLock {
        isSure = false
        planNow()
    }

    /** The time of a reminder has come: shows it, if the record still wants it, and sets what comes next. */
    suspend fun due(id: String) = turn.withLock {
        // The other alarm of the same reminder.
        if (!known().isOn || known().shown.any { it.id == id }) return@withLock
        val due = known().set.find { it.id == id }
        alarms.cancel(id)
        val now = clock().toOffsetDateTime().toLocalMoment()
        val answer = ask(id, due?.at ?: now.instant.minus(LATEST))
        when (answer) {
            is Answer.Wanted -> notices.show(id, answer.reminder.topic, answer.reminder.lockScreen)

            // It was done meanwhile, or the session is on another day.
            is Answer.NotWanted -> Unit

            // The record can't be read now: that there is something is said all the same, if this phone knows of it.
            is Answer.Unknown -> if (due != null) notices.show(id, null, null)
        }
        val shown = (answer as? Answer.Wanted)?.let { ShownReminder(id, now, it.reminder.topic) }
        keep(
            known().let {
                it.copy(set = it.set - listOfNotNull(due).toSet(), shown = it.shown + listOfNotNull(shown))
            }
        )
        planNow()
    }

    /** Forgets all of it: the record is gone from this phone. */
    suspend fun forget() = turn.withLock {
        known().set.forEach { alarms.cancel(it.id) }
        notices.clear()
        keep(ReminderBook())
    }

    private sealed interface Answer {
        data class Wanted(val reminder: ReminderView) : Answer

        data object NotWanted : Answer

        data object Unknown : Answer
    }

    /** What it says is asked for when it is shown: it lies nowhere but in the record. */
    private suspend fun ask(id: String, at: Instant): Answer = try {
        val zone = clock().zone
        val before = at.minus(BEFORE).atZone(zone).toOffsetDateTime().toLocalMoment()
        val request = ReminderRequest(zone.id, before, known().shown, emptyList())
        val planned = planner.plan(request).toSchedule.find { it.id == id }
        planned?.let { Answer.Wanted(it) } ?: Answer.NotWanted
    } catch (_: CompanionException) {
        Answer.Unknown
    }

    private suspend fun planNow() {
        val book = known()
        if (!book.isOn) return
        val now = clock()
        val moment = now.toOffsetDateTime().toLocalMoment()
        val shown = book.shown.filter { it.isRemembered(moment) }
        val scheduled = book.set.map { ScheduledReminder(it.id, it.fingerprint.takeIf { isSure }) }
        val changes = try {
            planner.plan(ReminderRequest(now.zone.id, moment, shown, scheduled))
        } catch (_: CompanionException) {
            // What is set stays: to be reminded once too often is better than not to be.
            return
        }
        changes.toCancel.forEach(alarms::cancel)
        changes.toSchedule.forEach(alarms::set)
        isSure = true
        val kept = book.set.filter { it.id !in changes.toCancel }
        val added = changes.toSchedule.map { SetAlarm(it.id, it.fingerprint, it.at.instant) }
        keep(book.copy(set = kept + added, shown = shown))
    }

    private fun ShownReminder.isRemembered(now: LocalMoment) = at.instant > now.instant.minus(REMEMBERED)

    private suspend fun known(): ReminderBook = book ?: withContext(Dispatchers.IO) { file.read() }.also {
        book = it
        on.value = it.isOn
    }

    private suspend fun keep(changed: ReminderBook) {
        if (changed == book) return
        book = changed
        on.value = changed.isOn
        withContext(Dispatchers.IO) { file.write(changed) }
    }

    init {
        scope.launch { turn.withLock { known() } }
    }
}
