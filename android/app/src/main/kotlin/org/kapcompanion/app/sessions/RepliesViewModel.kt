package org.kapcompanion.app.sessions

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.util.UUID
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.stateIn
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.CheckInView
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.EntryView
import org.kapcompanion.core.PageRequest
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.ReplyPage
import org.kapcompanion.core.ReplyView

private const val ROWS = 30u
private const val MOST_ROWS = 500u

/** A reply, with what it answers as far as that is still there. */
data class Answered(val reply: ReplyView, val entry: EntryView?, val checkIn: CheckInView?)

/** What the care team answered. */
@OptIn(ExperimentalCoroutinesApi::class)
class RepliesViewModel(private val door: RecordDoor) : ViewModel() {
    private val rows = MutableStateFlow(ROWS)

    /** As many as were asked for, the newest first. */
    val replies: StateFlow<Loaded<ReplyPage>> = rows
        .flatMapLatest { rows ->
            door.watching(setOf("reply")) { record ->
                record.replies().use { it.page(PageRequest(rows = rows)) }
            }
        }
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** Shows older ones too. */
    fun more() {
        rows.value = minOf(rows.value + ROWS, MOST_ROWS)
    }

    /** One, with what it answers. */
    fun reply(id: UUID): Flow<Loaded<Answered>> = door.watching { record ->
        val reply = record.replies().use { it.get(id) }
        Answered(reply, entry(record, reply.about), checkIn(record, reply.about))
    }

    companion object {
        val Factory = viewModelFactory {
            initializer { RepliesViewModel(checkNotNull(this[APPLICATION_KEY]).companion.door) }
        }
    }
}

private suspend fun entry(record: PhoneRecord, id: UUID): EntryView? = ifThere { record.journal().use { it.get(id) } }

private suspend fun checkIn(record: PhoneRecord, id: UUID): CheckInView? =
    ifThere { record.checkIns().use { it.get(id) } }

/** Nothing where it is of another kind, or was taken back or deleted since. */
private suspend fun <T> ifThere(get: suspend () -> T): T? = try {
    get()
} catch (_: CompanionException.NotFound) {
    null
} catch (_: CompanionException.NotNow) {
    null
}
