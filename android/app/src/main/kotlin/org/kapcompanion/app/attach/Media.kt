package org.kapcompanion.app.attach

import android.content.Context
import java.io.File
import java.io.IOException

/** Takes a voice down into a file. */
interface Recorder {
    /**
     * Begins. [full] is called, on any thread, where it ended by itself: the disk is full, or it got too long.
     *
     * @throws IOException where there is no microphone to be had, or nowhere to write.
     */
    fun begin(into: File, full: () -> Unit)

    /** Ends. False where nothing was taken down. */
    fun end(): Boolean
}

/** A sound that is read from any place in it, on a thread of the player's. */
interface Sound {
    val length: Long

    /**
     * At most so many bytes from there on; none behind the end.
     *
     * @throws IOException where it can't be read.
     */
    fun read(at: Long, most: Int): ByteArray
}

/** Plays one sound at a time. */
interface Player {
    /** Begins; [ended] is called on the main thread: true at the end of the sound, false where it can't be played. */
    fun play(sound: Sound, ended: (Boolean) -> Unit)

    /** How much of it was heard, 0 to 1. */
    fun heard(): Float

    /** Ends. */
    fun stop()
}

/** Writes down what somebody says, on this phone and nowhere else. */
interface Dictation {
    /** Begins. Called on the main thread, as what it is given: words as they come, and that it ended, well or not. */
    fun begin(language: String, heard: (String) -> Unit, ended: (Boolean) -> Unit)

    /** Ends; what was said so far may still come. */
    fun end()
}

/** What the phone has for sounds. */
class Media(
    val recorder: () -> Recorder,
    val player: () -> Player,
    /** Nothing where this phone can't do it by itself: words that are spoken go to nobody's server. */
    val dictation: () -> Dictation?
) {
    companion object {
        /** The phone's own. */
        fun ofThisPhone(context: Context) = Media(
            recorder = { PhoneRecorder(context) },
            player = { PhonePlayer() },
            dictation = { onDeviceDictation(context) }
        )
    }
}
