package org.kapcompanion.app.program

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.Drafts
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.app.ui.WhileShown
import org.kapcompanion.app.ui.sharingOf
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.AssessmentTextRequest
import org.kapcompanion.core.AssessmentTextView
import org.kapcompanion.core.AssessmentTopic
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.RemainsView
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.assessmentHeadings

private const val DRAFT = "draft"
private const val SEEN = "seen"
private const val READERS = "readers"

/** What is written of a topic. */
data class Written(
    val heading: String,
    /** The text that is gone on with: what is shared, or else the newest. Nothing as long as nothing is written. */
    val text: AssessmentTextView?,
    /** What another phone wrote apart. */
    val others: List<AssessmentTextView>,
    val sharing: Sharing,
    /** What stays where once it is taken back or deleted. */
    val remains: RemainsView?
)

/** A topic of the assessment while it is written. */
class TopicViewModel(
    private val topic: AssessmentTopic,
    private val saved: SavedStateHandle,
    private val door: RecordDoor,
    private val exchange: Exchange,
    drafts: Drafts
) : ViewModel() {
    private val progress = MutableStateFlow<Saving>(Saving.Not)

    /** What the record has. */
    val written: StateFlow<Loaded<Written>> = door
        .watching(load = ::written)
        .stateIn(viewModelScope, WhileShown, Loaded.NotYet)

    /** What was typed and is not saved; nothing where nothing was. */
    val draft: StateFlow<String?> = saved.getStateFlow<String?>(DRAFT, null)

    /** Who may read it once it is saved; nothing as long as that was not chosen. */
    val readers: StateFlow<WhoReads?> = saved.getStateFlow<WhoReads?>(READERS, null)

    /** How saving goes. */
    val saving: StateFlow<Saving> = progress.asStateFlow()

    private val kept = drafts.of(this, saved, "topic_${topic.name.lowercase()}", null, DRAFT, SEEN)

    init {
        viewModelScope.launch { kept.takeUp() }
    }

    /** Takes what is typed. */
    fun type(text: String) {
        // What it was when the first letter was changed: what another phone adds meanwhile is kept beside it.
        if (draft.value == null) saved[SEEN] = present?.head?.revision
        saved[DRAFT] = text
        kept.changed()
    }

    /** Chooses who may read it. */
    fun letRead(readers: WhoReads) {
        saved[READERS] = readers
    }

    /** Writes it into the record, and shares it where that was chosen. The draft stays until that is done. */
    fun save() = act { record ->
        val before = present
        val text = draft.value ?: before?.text.orEmpty()
        val view = record.assessmentTexts().use { texts ->
            val request = AssessmentTextRequest(topic, text, before?.visibility ?: WhoReads.ONLY_ME, record.now())
            val kept = when {
                before == null -> texts.create(request)
                draft.value == null -> before
                else -> texts.edit(before.head.id, saved[SEEN] ?: before.head.revision, request.copy(at = before.at))
            }
            forgetTyped()
            val wanted = readers.value
            if (!kept.head.isShared && wanted != null && wanted != WhoReads.ONLY_ME) {
                texts.share(kept.head.id, wanted)
            } else {
                kept
            }
        }
        saved[READERS] = null
        if (view.head.isShared) exchange.soon()
        Saving.Done
    }

    /** Makes it private again. */
    fun takeBack() = act { record ->
        present?.let { text -> record.assessmentTexts().use { it.withdraw(text.head.id) } }
        saved[READERS] = null
        exchange.soon()
        Saving.Not
    }

    /** Deletes what was written. */
    fun delete() = act { record ->
        present?.let { text -> record.assessmentTexts().use { it.delete(text.head.id) } }
        forgetTyped()
        exchange.soon()
        Saving.Done
    }

    /** Somebody saw that it is saved. */
    fun seen() {
        progress.value = Saving.Not
    }

    private fun forgetTyped() {
        saved[DRAFT] = null
        saved[SEEN] = null
        kept.changed()
    }

    private val present: AssessmentTextView? get() = (written.value as? Loaded.Here)?.value?.text

    private suspend fun written(record: PhoneRecord): Written {
        val texts = textsOf(record, topic)
        val text = texts.find { it.head.isShared } ?: texts.firstOrNull()
        return Written(
            heading = assessmentHeadings().first { it.topic == topic }.heading,
            text = text,
            others = texts.filter { it.head.id != text?.head?.id },
            sharing = sharingOf(record),
            remains = text?.let { record.assessmentTexts().use { all -> all.whatRemains(it.head.id) } }
        )
    }

    private fun act(work: suspend (PhoneRecord) -> Saving) {
        if (progress.value is Saving.Now) return
        progress.value = Saving.Now
        viewModelScope.launch {
            progress.value = try {
                door.use(work)
            } catch (why: CompanionException) {
                Saving.Failed(why)
            }
        }
    }

    companion object {
        fun factory(topic: AssessmentTopic) = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                TopicViewModel(topic, createSavedStateHandle(), app.door, app.exchange, app.drafts)
            }
        }
    }
}
