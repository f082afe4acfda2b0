package org.kapcompanion.app.attach

import android.graphics.BitmapFactory
import androidx.compose.ui.graphics.asImageBitmap
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.util.UUID
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.AttachmentView
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.words

private const val TICK_MS = 200L

/** Wider than any phone's page: a photo of twelve million pixels is shown smaller. */
private const val WIDEST = 2048

/** What hangs on one entry. */
class AttachedViewModel(private val entry: UUID, private val door: RecordDoor, private val player: Player) :
    ViewModel() {
    private val seen = MutableStateFlow(Looking())
    private var ticking: Job? = null

    /** What there is. */
    val attached: StateFlow<List<AttachmentView>> = door.watching(setOf("entry")) { it.attachments(entry) }
        .map { (it as? Loaded.Here)?.value.orEmpty() }
        .stateIn(viewModelScope, SharingStarted.Eagerly, emptyList())

    /** What is being played or looked at. */
    val looking: StateFlow<Looking> = seen.asStateFlow()

    /** Plays a recording from its beginning. */
    fun play(item: UUID) = opening {
        val sound = StreamSound(door.record().openAttachment(entry, item))
        seen.update { it.copy(playing = item, heard = 0f) }
        player.play(sound) { isWell -> ended(if (isWell) null else "") }
        ticking = viewModelScope.launch {
            while (true) {
                delay(TICK_MS)
                seen.update { it.copy(heard = player.heard()) }
            }
        }
    }

    /** Ends that. */
    fun stop() {
        player.stop()
        ended(null)
    }

    private fun ended(failed: String?) {
        ticking?.cancel()
        seen.update { it.copy(playing = null, heard = 0f, failed = failed) }
    }

    /** Shows a picture, whole. */
    fun look(item: UUID) = opening {
        val bytes = door.record().openAttachment(entry, item).use { it.whole() }
        val bitmap = withContext(Dispatchers.Default) { decoded(bytes) }
        seen.update { looking ->
            if (bitmap == null) {
                looking.copy(failed = "")
            } else {
                looking.copy(pictures = looking.pictures + (item to bitmap.asImageBitmap()))
            }
        }
    }

    private fun opening(work: suspend () -> Unit) {
        stop()
        viewModelScope.launch {
            try {
                work()
            } catch (why: CompanionException) {
                seen.update { it.copy(playing = null, failed = why.words) }
            }
        }
    }

    override fun onCleared() = player.stop()

    companion object {
        fun factory(entry: UUID) = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                AttachedViewModel(entry, app.door, app.media.player())
            }
        }
    }
}

private fun decoded(bytes: ByteArray) = BitmapFactory.Options().run {
    inJustDecodeBounds = true
    BitmapFactory.decodeByteArray(bytes, 0, bytes.size, this)
    inSampleSize = 1
    while (outWidth / inSampleSize > WIDEST || outHeight / inSampleSize > WIDEST) inSampleSize *= 2
    inJustDecodeBounds = false
    BitmapFactory.decodeByteArray(bytes, 0, bytes.size, this)
}
