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
import org.kapcompanion.app.ui.sharingOf
import org.kapcompanion.app.ui.watchingTime
import org.kapcompanion.core.GlanceLine
import org.kapcompanion.core.NextSessionLineRequest
import org.kapcompanion.core.NextSessionLineView
import org.kapcompanion.core.PageRequest
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.WhoReads

private const val TEXT = "text"
private const val READERS = "readers"
private const val MOST_ROWS = 500u

/** The list for the next session. */
data class NextSession(
    /** Shared, and marked to be talked about: lines, entries, check-ins, and what was agreed on. */
    val marked: List<GlanceLine>,
    /** The person's own lines. */
    val own: List<NextSessionLineView>,
    /** Lines that the care team can read, and that are not marked. */
    val shared: List<NextSessionLineView>,
    val sharing: Sharing
)

/** A line that is being written. */
data class LineDraft(val text: String = "", val readers: WhoReads = WhoReads.TALK_IN_SESSION)

/** What somebody does not want to forget in the next session. */
class NextSessionViewModel(private val saved: SavedStateHandle, door: RecordDoor, exchange: Exchange, drafts: Drafts) :
    ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)

    /** The list. */
    val list: StateFlow<Loaded<NextSession>> =
        door.watchingTime(::list).stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** The line that is being written. */
    val draft: StateFlow<LineDraft> = combine(
        saved.getStateFlow(TEXT, ""),
        saved.getStateFlow(READERS, WhoReads.TALK_IN_SESSION),
        ::LineDraft
    ).stateIn(viewModelScope, SharingStarted.Eagerly, typed())

    /** How the last change went. */
    val saving: StateFlow<Saving> = acts.saving

    private val kept = drafts.of(this, saved, "next_session", null, TEXT)

    init {
        viewModelScope.launch { kept.takeUp() }
    }

    private fun typed() = LineDraft(saved[TEXT] ?: "", saved[READERS] ?: WhoReads.TALK_IN_SESSION)

    /** Keeps what is typed and chosen. */
    fun type(draft: LineDraft) {
        saved[TEXT] = draft.text
        saved[READERS] = draft.readers
        kept.changed()
    }

    /** Puts the line on the list. */
    fun add() {
        val typed = typed()
        if (typed.text.isBlank()) return
        val isOffered = (list.value as? Loaded.Here)?.value?.sharing == Sharing.OFFERED
        acts.begin(then = { type(LineDraft()) }) { record ->
            val readers = if (isOffered) typed.readers else WhoReads.ONLY_ME
            val request = NextSessionLineRequest(typed.text.trim(), readers, record.now())
            record.nextSessionLines().use { it.create(request) }
        }
    }

    /** Lets the care team know that the person wants to talk about a line of their own. */
    fun share(id: UUID) = acts.begin { record ->
        record.nextSessionLines().use { it.share(id, WhoReads.TALK_IN_SESSION) }
    }

    /** Takes something off the list that was talked about. What was shared stays shared. */
    fun talkedAbout(line: GlanceLine) = acts.begin { record ->
        val readers = WhoReads.CARE_TEAM
        when (line.kind) {
            "entry" -> record.journal().use { it.share(line.id, readers) }
            "check_in" -> record.checkIns().use { it.share(line.id, readers) }
            "commitment" -> record.commitments().use { it.share(line.id, readers) }
            "next_session_item" -> record.nextSessionLines().use { it.share(line.id, readers) }
        }
    }

    /** Deletes a line; one that was shared is taken back with it. */
    fun delete(id: UUID) = acts.begin { record -> record.nextSessionLines().use { it.delete(id) } }

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                NextSessionViewModel(createSavedStateHandle(), app.door, app.exchange, app.drafts)
            }
        }
    }
}

private suspend fun list(record: PhoneRecord): NextSession {
    val lines = record.nextSessionLines().use { it.page(PageRequest(rows = MOST_ROWS)) }.items
    val (shared, own) = lines.partition { it.head.isShared }
    return NextSession(
        marked = record.atAGlance(record.now()).toTalkAbout,
        own = own,
        shared = shared.filter { it.visibility != WhoReads.TALK_IN_SESSION },
        sharing = sharingOf(record)
    )
}
