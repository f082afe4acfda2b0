package org.kapcompanion.app.attach

import java.io.File
import java.io.IOException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import org.kapcompanion.core.CompanionException

/** How taking down a voice goes. */
sealed interface Voice {
    /** Nothing is taken down. */
    data object Ready : Voice

    /** It listens. */
    data object Recording : Voice

    /** It is being sealed. */
    data object Keeping : Voice

    /** It is in the record, and nowhere else. */
    data object Kept : Voice

    /** The person, or their phone, does not let the app use the microphone. */
    data object Denied : Voice

    /** There is no microphone to be had: another app has it, or there is no room for a recording. */
    data object NoMicrophone : Voice

    /** Nothing was heard: it was ended at once. */
    data object Nothing : Voice

    /** It was recorded and can't be kept now. It is still here, to be tried again. */
    data class NotKept(val why: CompanionException) : Voice
}

/**
 * Takes down a voice, and has it sealed as soon as it ends. It goes on in [scope], which outlives a page: what was said
 * is kept also where the person leaves.
 */
class VoiceTaker(
    private val scope: CoroutineScope,
    private val recorder: () -> Recorder,
    private val folder: RecordingFolder,
    private val keep: suspend (ToAttach) -> Unit
) {
    private val state = MutableStateFlow<Voice>(Voice.Ready)
    private val turn = Mutex()
    private var listening: Recorder? = null
    private var file: File? = null

    /** How it goes. */
    val voice: StateFlow<Voice> = state.asStateFlow()

    /** Begins to listen. */
    fun begin() = inTurn {
        if (listening != null || file != null) return@inTurn
        val made = recorder()
        try {
            val into = folder.newFile()
            file = into
            withContext(Dispatchers.IO) { made.begin(into, full = ::end) }
            listening = made
            state.value = Voice.Recording
        } catch (_: IOException) {
            wipe()
            state.value = Voice.NoMicrophone
        }
    }

    /** Ends, and keeps what was said. */
    fun end() = inTurn {
        val made = listening ?: return@inTurn
        listening = null
        state.value = Voice.Keeping
        if (withContext(Dispatchers.IO) { made.end() }) {
            file = file?.let { folder.whole(it) }
            keepFile()
        } else {
            wipe()
            state.value = Voice.Nothing
        }
    }

    /** Tries once more to keep what could not be kept. */
    fun tryAgain() = inTurn { if (listening == null) keepFile() }

    /** Ends, and keeps nothing. */
    fun discard() = inTurn {
        listening?.let { withContext(Dispatchers.IO) { it.end() } }
        listening = null
        wipe()
        state.value = Voice.Ready
    }

    /** The microphone was refused. */
    fun denied() {
        state.value = Voice.Denied
    }

    /** Somebody saw how it ended. */
    fun seen() {
        if (file == null) state.value = Voice.Ready
    }

    private suspend fun keepFile() {
        val recorded = file ?: return
        state.value = Voice.Keeping
        state.value = try {
            keep(recordingToAttach(recorded))
            wipe()
            Voice.Kept
        } catch (why: CompanionException) {
            Voice.NotKept(why)
        } catch (_: IOException) {
            wipe()
            Voice.Nothing
        }
    }

    private suspend fun wipe() {
        file?.let { folder.wipe(it) }
        file = null
    }

    /** One thing after the other, as they were tapped. */
    private fun inTurn(work: suspend () -> Unit) {
        scope.launch { turn.withLock { work() } }
    }
}
