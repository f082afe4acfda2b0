package org.kapcompanion.app.journal

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.util.Locale
import java.util.UUID
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import org.kapcompanion.app.attach.Media
import org.kapcompanion.app.attach.RecordingFolder
import org.kapcompanion.app.attach.ToAttach
import org.kapcompanion.app.attach.VoiceTaker
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.Drafts
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.app.ui.sharingOf
import org.kapcompanion.app.ui.watching
import org.kapcompanion.app.ui.watchingTime
import org.kapcompanion.core.AttachmentRequest
import org.kapcompanion.core.AttachmentView
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.EntryKind
import org.kapcompanion.core.EntryRequest
import org.kapcompanion.core.EntryView
import org.kapcompanion.core.Journal
import org.kapcompanion.core.LocalMoment
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.PromptView
import org.kapcompanion.core.PromptsView
import org.kapcompanion.core.SessionStage
import org.kapcompanion.core.WhoReads

private const val BODY = "body"
private const val READERS = "readers"
private const val PROMPT = "prompt"
private const val ENTRY = "entry"

/** What the page of writing offers, as the core says it for today. */
data class Offered(
    val prompts: PromptsView,
    val sharing: Sharing,
    /** The session that is on or was before the quiet hours that it is in. */
    val sessionNow: UUID? = null
)

/**
 * An entry while it is written. Its draft outlives whatever ends the app. What is recorded or
 * drawn lies open nowhere: the first of it begins the entry in the record, for the person alone, and saving finishes it.
 */
@OptIn(ExperimentalCoroutinesApi::class)
class WriteViewModel(
    private val saved: SavedStateHandle,
    private val door: RecordDoor,
    private val exchange: Exchange,
    drafts: Drafts,
    scope: CoroutineScope,
    media: Media,
    recordings: RecordingFolder
) : ViewModel() {
    private val progress = MutableStateFlow<Saving>(Saving.Not)
    private val begun: StateFlow<String> = saved.getStateFlow(ENTRY, "")

    /** A voice that is taken down for it. */
    val voice = VoiceTaker(scope, media.recorder, recordings, ::attach)

    /** What hangs on it so far. */
    val attached: StateFlow<List<AttachmentView>> = begun
        .flatMapLatest { id -> if (id.isEmpty()) flowOf(Loaded.NotYet) else attachmentsOf(UUID.fromString(id)) }
        .map { (it as? Loaded.Here)?.value.orEmpty() }
        .stateIn(viewModelScope, SharingStarted.Eagerly, emptyList())

    /** The words so far. */
    val body: StateFlow<String> = saved.getStateFlow(BODY, "")

    /** Who may read it. */
    val readers: StateFlow<WhoReads> = saved.getStateFlow(READERS, WhoReads.ONLY_ME)

    /** The name of the prompt that it answers; empty for none. */
    val prompt: StateFlow<String> = saved.getStateFlow(PROMPT, "")

    /** How saving goes. */
    val saving: StateFlow<Saving> = progress.asStateFlow()

    /** What is offered; nothing as long as it is not read. */
    val offered: StateFlow<Offered?> = door
        .watchingTime { record ->
            val session = record.sessionDay()?.takeIf {
                it.stage == SessionStage.DURING ||
                    it.stage == SessionStage.AFTER
            }
            Offered(record.prompts(Locale.getDefault().toLanguageTag()), sharingOf(record), session?.session)
        }
        .map { (it as? Loaded.Here)?.value }
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), null)

    private val draft = drafts.of(this, saved, "journal", null, BODY, PROMPT, ENTRY)

    init {
        viewModelScope.launch { draft.takeUp() }
    }

    /** Takes what is typed. */
    fun type(body: String) {
        saved[BODY] = body
        draft.changed()
    }

    /** Chooses who may read it. */
    fun letRead(readers: WhoReads) {
        saved[READERS] = readers
    }

    /** Answers a prompt, or none any more. */
    fun answer(prompt: PromptView) {
        saved[PROMPT] = if (this.prompt.value == prompt.id) "" else prompt.id
        draft.changed()
    }

    /** Hangs something on it. The first begins the entry, which nobody else reads until it is saved. */
    suspend fun attach(what: ToAttach) {
        val request = AttachmentRequest(what.length, what.mediaType)
        door.use { record ->
            val id = begun.value
            if (id.isEmpty()) {
                val entry = request(record.now()).copy(visibility = WhoReads.ONLY_ME)
                saved[ENTRY] = record.createAttached(entry, request, what.source).head.id.toString()
                draft.changed()
            } else {
                record.attach(UUID.fromString(id), request, what.source)
            }
        }
    }

    /** Takes something off it again. */
    fun takeOff(item: UUID) {
        viewModelScope.launch {
            try {
                door.use { record -> record.takeOff(UUID.fromString(begun.value), item) }
            } catch (why: CompanionException) {
                progress.value = Saving.Failed(why)
            }
        }
    }

    /** An entry of which nothing would be left goes with it: the draft's words are in the draft. */
    private suspend fun PhoneRecord.takeOff(entry: UUID, item: UUID) {
        val isAll = attachments(entry).all { it.item == item }
        journal().use { journal ->
            if (isAll && journal.get(entry).body.isBlank()) {
                journal.delete(entry)
                saved[ENTRY] = ""
                draft.changed()
            } else {
                detach(entry, item)
            }
        }
    }

    /** Writes it into the record. The draft stays until that is done. */
    fun save() {
        if (progress.value is Saving.Now) return
        if (body.value.isBlank() && attached.value.isEmpty()) return
        progress.value = Saving.Now
        viewModelScope.launch {
            progress.value = try {
                door.use { record -> write(record) }
                saved[BODY] = ""
                saved[PROMPT] = ""
                saved[ENTRY] = ""
                // The next one is nobody's until it is shared, whatever was chosen for this one.
                saved[READERS] = WhoReads.ONLY_ME
                draft.forget()
                exchange.soon()
                Saving.Done
            } catch (why: CompanionException) {
                Saving.Failed(why)
            }
        }
    }

    private suspend fun write(record: PhoneRecord) = record.journal().use { journal ->
        val request = request(record.now())
        val there = begun.value.ifEmpty { null }?.let { journal.find(UUID.fromString(it)) }
        if (there == null) return@use journal.create(request)
        // Who reads it is changed by sharing alone, and what it says comes first.
        val whole = request.copy(at = there.at, visibility = there.visibility)
        val edited = journal.edit(there.head.id, there.head.revision, whole)
        val readers = request.visibility
        if (readers == WhoReads.ONLY_ME) edited else journal.share(there.head.id, readers)
    }

    /** The entry that was begun, unless it was deleted meanwhile. */
    private suspend fun Journal.find(id: UUID): EntryView? = try {
        get(id)
    } catch (_: CompanionException.NotFound) {
        null
    } catch (_: CompanionException.NotNow) {
        null
    }

    private fun attachmentsOf(id: UUID): Flow<Loaded<List<AttachmentView>>> =
        door.watching(setOf("entry")) { it.attachments(id) }

    private fun request(at: LocalMoment): EntryRequest {
        val prompts = offered.value?.prompts
        val answered = prompts?.prompts?.find { it.id == prompt.value }
        // As the core asks of an entry that answers a prompt: its words are the title.
        return EntryRequest(
            title = answered?.words.orEmpty(),
            body = body.value,
            kind = when {
                answered != null -> EntryKind.Integration
                offered.value?.sessionNow != null -> EntryKind.AfterSession
                else -> EntryKind.Reflection
            },
            session = if (answered == null) offered.value?.sessionNow else prompts.session,
            visibility = if (offered.value?.sharing == Sharing.OFFERED) readers.value else WhoReads.ONLY_ME,
            at = at
        )
    }

    /** Somebody saw that it is saved. */
    fun seen() {
        progress.value = Saving.Not
    }

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                WriteViewModel(
                    createSavedStateHandle(),
                    app.door,
                    app.exchange,
                    app.drafts,
                    app.scope,
                    app.media,
                    app.recordings
                )
            }
        }
    }
}
