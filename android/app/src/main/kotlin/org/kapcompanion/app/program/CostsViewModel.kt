package org.kapcompanion.app.program

import android.content.ContentResolver
import android.net.Uri
import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.io.IOException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Acts
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhileShown
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.CostsNowView

private const val NAME = "name"

/** Structure and costs, and whether they can be read here. */
data class Costs(
    /** As they stand now; nothing as long as nobody wrote them down. */
    val now: CostsNowView?,
    /** Whether a newer version of the app wrote them. */
    val isNewer: Boolean
)

/** How keeping the summary went. */
enum class Kept { NOT, KEPT, FAILED }

/** Structure and costs, line by line, and that the person acknowledges them. Nothing here pays. */
class CostsViewModel(
    private val saved: SavedStateHandle,
    door: RecordDoor,
    exchange: Exchange,
    private val files: ContentResolver
) : ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)
    private val summary = MutableStateFlow(Kept.NOT)

    /** What they are now. */
    val costs: StateFlow<Loaded<Costs>> = door
        .watching { record ->
            val plan = record.plan()
            Costs(plan.costs, isNewer = record.costSheets().use { it.kind() } in plan.unreadable)
        }
        .stateIn(viewModelScope, WhileShown, Loaded.NotYet)

    /** The name under which they are acknowledged. */
    val name: StateFlow<String> = saved.getStateFlow(NAME, "")

    /** How acknowledging goes. */
    val saving: StateFlow<Saving> = acts.saving

    /** How keeping the summary went. */
    val kept: StateFlow<Kept> = summary.asStateFlow()

    /** Takes the name. */
    fun type(name: String) {
        saved[NAME] = name
    }

    /** Acknowledges what is shown: this version, with this number of sessions. */
    fun acknowledge(shown: CostsNowView) = acts.begin {
        val head = shown.sheet.head
        it.acknowledgeCosts(head.id, head.revision, shown.planned, name.value.trim())
    }

    /** Writes the summary where the person chose. */
    fun keep(summary: String, place: Uri) {
        viewModelScope.launch {
            this@CostsViewModel.summary.value = withContext(Dispatchers.IO) {
                try {
                    val file = files.openOutputStream(place, "wt") ?: throw IOException("nothing opened")
                    file.use { it.write(summary.toByteArray()) }
                    Kept.KEPT
                } catch (_: IOException) {
                    Kept.FAILED
                } catch (_: SecurityException) {
                    Kept.FAILED
                }
            }
        }
    }

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                CostsViewModel(createSavedStateHandle(), app.door, app.exchange, app.contentResolver)
            }
        }
    }
}
