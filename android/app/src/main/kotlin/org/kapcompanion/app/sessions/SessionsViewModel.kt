package org.kapcompanion.app.sessions

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.util.UUID
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.stateIn
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.dayOf
import org.kapcompanion.app.ui.watching
import org.kapcompanion.app.ui.watchingTime
import org.kapcompanion.core.DosingSessionView
import org.kapcompanion.core.EntryView
import org.kapcompanion.core.IntentionView
import org.kapcompanion.core.LocalMoment
import org.kapcompanion.core.MedicineShownView
import org.kapcompanion.core.PageRequest
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.PreparationView
import org.kapcompanion.core.VisitView

private const val MOST_ROWS = 500u

/** A session with what the person settled for it. */
data class SessionLine(val session: DosingSessionView, val said: PreparationView?)

/** All sessions and visits. */
data class Sessions(
    /** Those to come, and the one that is on, the soonest first. */
    val ahead: List<SessionLine>,
    /** Those that are over, the last first. */
    val behind: List<SessionLine>,
    val visits: List<VisitView>,
    /** What is missing before a session may take place, in the core's words. */
    val missing: String?
)

/** One session with all that belongs to it. */
data class SessionPage(
    val line: SessionLine,
    val isAhead: Boolean,
    val intentions: List<IntentionView>,
    /** What the clinic shows of the medicine. */
    val medicine: List<MedicineShownView>,
    /** What was written for it, or from its day to the one after the next. */
    val written: List<EntryView>
)

/** Sessions as the clinic planned, moved and called them off. */
class SessionsViewModel(private val door: RecordDoor) : ViewModel() {
    /** All of them. */
    val sessions: StateFlow<Loaded<Sessions>> =
        door.watchingTime(::sessions).stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** One, whole. */
    fun session(id: UUID): Flow<Loaded<SessionPage>> = door.watching { record -> sessionPage(record, id) }

    companion object {
        val Factory = viewModelFactory {
            initializer { SessionsViewModel(checkNotNull(this[APPLICATION_KEY]).companion.door) }
        }
    }
}

private suspend fun sessions(record: PhoneRecord): Sessions {
    val all = record.dosingSessions().use { it.page(PageRequest(rows = MOST_ROWS)) }.items
        .sortedBy { it.at.instant }
        .map { SessionLine(it, record.preparation(it.head.id)) }
    val now = record.now().instant
    val (ahead, behind) = all.partition { it.session.parts.ends.instant > now }
    return Sessions(ahead, behind.reversed(), record.visits(), record.plan().missingFirst?.words)
}

private suspend fun sessionPage(record: PhoneRecord, id: UUID): SessionPage {
    val session = record.dosingSessions().use { it.get(id) }
    val written = record.journal().use { it.page(PageRequest(rows = MOST_ROWS)) }.items
    return SessionPage(
        line = SessionLine(session, record.preparation(id)),
        isAhead = session.parts.ends.instant > record.now().instant,
        intentions = record.intentions(id),
        medicine = record.medicinesShown().use { it.page(PageRequest(about = id)) }.items
            .filter { it.takenBackAt == null },
        written = written.filter { it.session == id || isAround(it.at, session) }
    )
}

private const val DAYS_AROUND = 3L

/** Whether it was written on the session's day, or on the two that follow. */
private fun isAround(at: LocalMoment, session: DosingSessionView): Boolean {
    val day = dayOf(session.at)
    val written = dayOf(at)
    return written >= day && written < day.plusDays(DAYS_AROUND)
}
