package org.kapcompanion.app.attach

import android.content.Context
import android.content.Intent
import android.media.MediaDataSource
import android.media.MediaPlayer
import android.media.MediaRecorder
import android.os.Build
import android.os.Bundle
import android.speech.RecognitionListener
import android.speech.RecognizerIntent
import android.speech.SpeechRecognizer
import androidx.annotation.RequiresApi
import java.io.File
import java.io.IOException

private const val BITS_PER_SECOND = 64_000
private const val SAMPLES_PER_SECOND = 44_100

/** A little less than the core takes: somebody who speaks for two hours loses nothing. */
private const val MOST_BYTES = 55L * 1024 * 1024

/** The phone's microphone. */
internal class PhoneRecorder(private val context: Context) : Recorder {
    private var recorder: MediaRecorder? = null

    override fun begin(into: File, full: () -> Unit) {
        val made = make()
        try {
            made.setAudioSource(MediaRecorder.AudioSource.MIC)
            made.setOutputFormat(MediaRecorder.OutputFormat.MPEG_4)
            made.setAudioEncoder(MediaRecorder.AudioEncoder.AAC)
            made.setAudioEncodingBitRate(BITS_PER_SECOND)
            made.setAudioSamplingRate(SAMPLES_PER_SECOND)
            made.setMaxFileSize(MOST_BYTES)
            made.setOutputFile(into)
            made.setOnErrorListener { _, _, _ -> full() }
            made.setOnInfoListener { _, what, _ ->
                if (what == MediaRecorder.MEDIA_RECORDER_INFO_MAX_FILESIZE_REACHED) full()
            }
            made.prepare()
            made.start()
            recorder = made
        } catch (why: RuntimeException) {
            // What MediaRecorder throws where another app has the microphone.
            made.release()
            throw IOException(why)
        } catch (why: IOException) {
            made.release()
            throw why
        }
    }

    override fun end(): Boolean {
        val made = recorder ?: return false
        recorder = null
        return try {
            made.stop()
            true
        } catch (_: RuntimeException) {
            // It had nothing yet.
            false
        } finally {
            made.release()
        }
    }

    @Suppress("DEPRECATION")
    private fun make() = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) MediaRecorder(context) else MediaRecorder()
}

/** The phone's loudspeaker. */
internal class PhonePlayer : Player {
    private var player: MediaPlayer? = null

    override fun play(sound: Sound, ended: (Boolean) -> Unit) {
        stop()
        val made = MediaPlayer()
        player = made
        made.setOnPreparedListener { it.start() }
        made.setOnCompletionListener { ended(true) }
        made.setOnErrorListener { _, _, _ ->
            ended(false)
            true
        }
        try {
            made.setDataSource(SoundSource(sound))
            made.prepareAsync()
        } catch (_: IOException) {
            ended(false)
        }
    }

    override fun heard(): Float = try {
        player?.let { if (it.isPlaying && it.duration > 0) it.currentPosition.toFloat() / it.duration else 0f } ?: 0f
    } catch (_: IllegalStateException) {
        0f
    }

    override fun stop() {
        player?.release()
        player = null
    }

    /** Asked on threads of the player's. */
    private class SoundSource(private val sound: Sound) : MediaDataSource() {
        override fun getSize() = sound.length

        override fun readAt(position: Long, buffer: ByteArray, offset: Int, size: Int): Int {
            val bytes = sound.read(position, size)
            bytes.copyInto(buffer, offset)
            return if (bytes.isEmpty()) -1 else bytes.size
        }

        override fun close() = Unit
    }
}

/** The recognizer that is a part of this phone, where there is one. */
internal fun onDeviceDictation(context: Context): Dictation? = when {
    Build.VERSION.SDK_INT < Build.VERSION_CODES.S -> null
    !SpeechRecognizer.isOnDeviceRecognitionAvailable(context) -> null
    else -> PhoneDictation(context)
}

@RequiresApi(Build.VERSION_CODES.S)
private class PhoneDictation(private val context: Context) : Dictation {
    private var recognizer: SpeechRecognizer? = null

    override fun begin(language: String, heard: (String) -> Unit, ended: (Boolean) -> Unit) {
        val made = SpeechRecognizer.createOnDeviceSpeechRecognizer(context)
        recognizer = made
        made.setRecognitionListener(
            object : RecognitionListener {
                override fun onResults(results: Bundle?) {
                    results?.getStringArrayList(SpeechRecognizer.RESULTS_RECOGNITION)?.firstOrNull()?.let(heard)
                    over(true)
                }

                override fun onError(error: Int) = over(error == SpeechRecognizer.ERROR_NO_MATCH)

                private fun over(isWell: Boolean) {
                    made.destroy()
                    recognizer = null
                    ended(isWell)
                }

                override fun onReadyForSpeech(params: Bundle?) = Unit

                override fun onBeginningOfSpeech() = Unit

                override fun onRmsChanged(rmsdB: Float) = Unit

                override fun onBufferReceived(buffer: ByteArray?) = Unit

                override fun onEndOfSpeech() = Unit

                override fun onPartialResults(partialResults: Bundle?) = Unit

                override fun onEvent(eventType: Int, params: Bundle?) = Unit
            }
        )
        val asks = Intent(RecognizerIntent.ACTION_RECOGNIZE_SPEECH)
            .putExtra(RecognizerIntent.EXTRA_LANGUAGE_MODEL, RecognizerIntent.LANGUAGE_MODEL_FREE_FORM)
            .putExtra(RecognizerIntent.EXTRA_LANGUAGE, language)
        made.startListening(asks)
    }

    override fun end() {
        recognizer?.stopListening()
    }
}
