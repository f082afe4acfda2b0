package org.kapcompanion.app.sessions

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.util.UUID
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
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
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.CommitmentBecame
import org.kapcompanion.core.CommitmentRequest
import org.kapcompanion.core.CommitmentView
import org.kapcompanion.core.RemainsView
import org.kapcompanion.core.WhoReads

private const val BECAME = "became"
private const val WORDS = "words"
private const val NOTHING_CHOSEN = -1

/** What can become of it, in the order in which it is offered. */
internal val BecameChoices =
    listOf(CommitmentBecame.Kept, CommitmentBecame.Partly, CommitmentBecame.Not, CommitmentBecame.Changed)

/** One thing that was agreed on. */
data class OneAgreed(
    val commitment: CommitmentView,
    val sharing: Sharing,
    /** What of it stays where once it is taken back or deleted. */
    val remains: RemainsView
)

/** What is half said of it. */
data class BecameDraft(
    /** Which of the choices; nothing for what stands. */
    val became: CommitmentBecame? = null,
    /** More about it; nothing for what stands. */
    val words: String? = null
)

/** One thing that was agreed on: what became of it, and who reads that. */
class CommitmentViewModel(
    private val id: UUID,
    private val saved: SavedStateHandle,
    door: RecordDoor,
    exchange: Exchange,
    drafts: Drafts
) : ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)
    private val gone = MutableStateFlow(false)

    /** It, as it stands. */
    val commitment: StateFlow<Loaded<OneAgreed>> = door
        .watching { record ->
            record.commitments().use { OneAgreed(it.get(id), sharingOf(record), it.whatRemains(id)) }
        }
        .stateIn(viewModelScope, SharingStarted.Eagerly, Loaded.NotYet)

    /** What is half said. */
    val draft: StateFlow<BecameDraft> = combine(
        saved.getStateFlow(BECAME, NOTHING_CHOSEN),
        saved.getStateFlow<String?>(WORDS, null)
    ) { became, words -> BecameDraft(BecameChoices.getOrNull(became), words) }
        .stateIn(viewModelScope, SharingStarted.Eagerly, typed())

    /** How the last change went. */
    val saving: StateFlow<Saving> = acts.saving

    /** Whether it was deleted here. */
    val isGone: StateFlow<Boolean> = gone.asStateFlow()

    private val kept = drafts.of(this, saved, "agreed", id, WORDS)

    init {
        viewModelScope.launch { kept.takeUp() }
    }

    private fun typed() = BecameDraft(BecameChoices.getOrNull(saved[BECAME] ?: NOTHING_CHOSEN), saved[WORDS])

    /** Keeps what is chosen and typed. */
    fun type(draft: BecameDraft) {
        saved[BECAME] = BecameChoices.indexOf(draft.became)
        saved[WORDS] = draft.words
        kept.changed()
    }

    /** Writes down what became of it. */
    fun save() {
        val now = (commitment.value as? Loaded.Here)?.value?.commitment ?: return
        val typed = typed()
        val became = typed.became ?: now.became
        // Words were said of what became of it then, and not of another answer.
        val before = if (became == now.became) now.becameWords else ""
        val request = CommitmentRequest(
            text = now.text,
            about = now.about,
            reviewOn = now.reviewOn,
            became = became,
            becameWords = typed.words ?: before,
            visibility = now.visibility,
            at = now.at
        )
        acts.begin(then = { type(BecameDraft()) }) { record ->
            record.commitments().use { it.edit(id, now.head.revision, request) }
        }
    }

    /** Lets the care team read it. */
    fun share(readers: WhoReads) = acts.begin { record -> record.commitments().use { it.share(id, readers) } }

    /** Takes it back. */
    fun takeBack() = acts.begin { record -> record.commitments().use { it.withdraw(id) } }

    /** Deletes it. */
    fun delete() = acts.begin(then = { gone.value = true }) { record -> record.commitments().use { it.delete(id) } }

    companion object {
        /** Of one. */
        fun factory(id: UUID) = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                CommitmentViewModel(id, createSavedStateHandle(), app.door, app.exchange, app.drafts)
            }
        }
    }
}
