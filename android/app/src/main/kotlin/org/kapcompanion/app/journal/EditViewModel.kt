package org.kapcompanion.app.journal

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.util.UUID
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.Drafts
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Acts
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.EntryRequest
import org.kapcompanion.core.EntryView

private const val TITLE = "title"
private const val BODY = "body"
private const val SEEN = "seen"

/** An entry that is edited. What was typed outlives whatever ends the app, with the version that it is of. */
class EditViewModel(
    private val saved: SavedStateHandle,
    private val door: RecordDoor,
    exchange: Exchange,
    drafts: Drafts,
    private val id: UUID
) : ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)
    private val loaded = MutableStateFlow<Loaded<EntryView>>(Loaded.NotYet)

    /** One line above the words. */
    val title: StateFlow<String> = saved.getStateFlow(TITLE, "")

    /** The words. */
    val body: StateFlow<String> = saved.getStateFlow(BODY, "")

    /** The entry as it is in the record. */
    val entry: StateFlow<Loaded<EntryView>> = loaded.asStateFlow()

    /** How saving goes. */
    val saving: StateFlow<Saving> = acts.saving

    private val draft = drafts.of(this, saved, "entry", id, TITLE, BODY, SEEN)

    /** The page is opened: what is half written stays, else it begins with what the record says. */
    fun begin() {
        viewModelScope.launch { load() }
    }

    /** Somebody saw that it is saved. */
    fun seen() = acts.seen()

    private suspend fun load() {
        draft.takeUp()
        loaded.value = try {
            val entry = door.record().journal().use { it.get(id) }
            if (saved.get<String>(SEEN) == null) {
                saved[TITLE] = entry.title
                saved[BODY] = entry.body
                saved[SEEN] = entry.head.revision
            }
            Loaded.Here(entry)
        } catch (why: CompanionException) {
            Loaded.Problem(why)
        }
    }

    /** Takes what is typed into the line above. */
    fun name(title: String) {
        saved[TITLE] = title
        draft.changed()
    }

    /** Takes what is typed. */
    fun type(body: String) {
        saved[BODY] = body
        draft.changed()
    }

    /** Writes it into the record. What was typed stays until that is done. */
    fun save() {
        val entry = (loaded.value as? Loaded.Here)?.value ?: return
        val seen = saved.get<String>(SEEN) ?: return
        acts.begin(then = { saved.remove<String>(SEEN) }) { record ->
            record.journal().use { it.edit(id, seen, changed(entry)) }
            draft.forget()
        }
    }

    /** All that is not on the page stays as it is. */
    private fun changed(entry: EntryView) = EntryRequest(
        title = title.value.trim(),
        body = body.value,
        kind = entry.kind,
        mood = entry.mood,
        session = entry.session,
        tags = entry.tags,
        visibility = entry.visibility,
        at = entry.at
    )

    companion object {
        /** For one entry. */
        fun factory(id: UUID): ViewModelProvider.Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                EditViewModel(createSavedStateHandle(), app.door, app.exchange, app.drafts, id)
            }
        }
    }
}
