package org.kapcompanion.app.guides

import android.content.Context
import android.os.Bundle
import android.speech.tts.TextToSpeech
import android.speech.tts.UtteranceProgressListener
import java.util.Locale
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update

/** The silence after the last part. */
private const val END = "end"

/** How reading aloud stands. */
sealed interface Aloud {
    /** This phone has no voice that works without a network, or none is known yet. */
    data object NoVoice : Aloud

    /** It can begin. */
    data object Quiet : Aloud

    /** It reads this part. */
    data class Reading(val part: Int) : Aloud
}

/** Reads words aloud, on this phone alone. */
interface Voice {
    /** How it stands. */
    val aloud: StateFlow<Aloud>

    /** Reads these parts, from one of them on. */
    fun read(parts: List<String>, from: Int)

    /** Is quiet at once. */
    fun stop()

    /** Lets go of the voice. */
    fun close()
}

/**
 * A voice of the phone's own. One that asks a server is never taken: the words would leave the phone, and nobody would
 * know who hears them.
 */
class PhoneVoice(context: Context, private val language: String) : Voice {
    private val standing = MutableStateFlow<Aloud>(Aloud.NoVoice)

    override val aloud: StateFlow<Aloud> = standing.asStateFlow()

    private val speech: TextToSpeech = TextToSpeech(context.applicationContext) { status -> begun(status) }

    private fun begun(status: Int) {
        if (status != TextToSpeech.SUCCESS) return
        val its = Locale.forLanguageTag(language).language
        val offline = speech.voices.orEmpty().filter { voice ->
            !voice.isNetworkConnectionRequired &&
                TextToSpeech.Engine.KEY_FEATURE_NOT_INSTALLED !in voice.features.orEmpty() &&
                voice.locale.language == its
        }
        val best = offline.maxByOrNull { it.quality } ?: return
        if (speech.setVoice(best) != TextToSpeech.SUCCESS) return
        speech.setOnUtteranceProgressListener(Progress())
        standing.value = Aloud.Quiet
    }

    override fun read(parts: List<String>, from: Int) {
        if (standing.value is Aloud.NoVoice) return
        speech.stop()
        standing.value = Aloud.Reading(from)
        for (index in from..parts.lastIndex) {
            for (piece in pieces(parts[index], TextToSpeech.getMaxSpeechInputLength())) {
                speech.speak(piece, TextToSpeech.QUEUE_ADD, Bundle(), index.toString())
            }
        }
        speech.playSilentUtterance(1, TextToSpeech.QUEUE_ADD, END)
    }

    override fun stop() {
        speech.stop()
        quiet()
    }

    override fun close() {
        speech.stop()
        speech.shutdown()
    }

    private fun quiet() = standing.update { if (it is Aloud.Reading) Aloud.Quiet else it }

    /** Called on a thread of the system's. */
    private inner class Progress : UtteranceProgressListener() {
        override fun onStart(utterance: String) = standing.update {
            if (it is Aloud.Reading) Aloud.Reading(utterance.toIntOrNull() ?: it.part) else it
        }

        override fun onDone(utterance: String) {
            if (utterance == END) quiet()
        }

        @Deprecated("The one that follows says why")
        override fun onError(utterance: String) = quiet()

        override fun onError(utterance: String, error: Int) = quiet()
    }
}

/** Words in pieces that a voice takes, cut between words. */
internal fun pieces(words: String, most: Int): List<String> {
    if (words.length <= most) return listOf(words)
    val cut = words.lastIndexOf(' ', most - 1).takeIf { it > 0 } ?: most
    return listOf(words.take(cut)) + pieces(words.drop(cut).trimStart(), most)
}
