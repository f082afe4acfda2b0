package org.kapcompanion.app.journal

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
import org.kapcompanion.core.EntryPage
import org.kapcompanion.core.EntryView
import org.kapcompanion.core.PageRequest

private const val ROWS = 30u
private const val MOST_ROWS = 500u

/** The journal: what was written, the newest first. */
@OptIn(ExperimentalCoroutinesApi::class)
class JournalViewModel(private val door: RecordDoor) : ViewModel() {
    private val rows = MutableStateFlow(ROWS)

    /** As many entries as were asked for. */
    val entries: StateFlow<Loaded<EntryPage>> = rows
        .flatMapLatest { rows ->
            door.watching(setOf("entry")) { record ->
                record.journal().use { it.page(PageRequest(rows = rows)) }
            }
        }
        .stateIn(viewModelScope, SharingStarted.Eagerly, Loaded.NotYet)

    /** Shows older ones too. */
    fun more() {
        rows.value = minOf(rows.value + ROWS, MOST_ROWS)
    }

    /** One entry, whole. */
    fun entry(id: UUID): Flow<Loaded<EntryView>> =
        door.watching(setOf("entry")) { record -> record.journal().use { it.get(id) } }

    companion object {
        val Factory = viewModelFactory {
            initializer { JournalViewModel(checkNotNull(this[APPLICATION_KEY]).companion.door) }
        }
    }
}
