package org.kapcompanion.app.attach

import java.io.ByteArrayOutputStream
import java.io.File
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** A recording of so many samples that gets louder, as a WAV file has it. */
internal fun wav(samples: Int): ByteArray {
    val sound = ByteBuffer.allocate(samples * 2).order(ByteOrder.LITTLE_ENDIAN)
    for (n in 0 until samples) sound.putShort((n * 32_000L / samples * if (n % 2 == 0) 1 else -1).toInt().toShort())
    val head = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN)
    head.put("RIFF".toByteArray()).putInt(36 + samples * 2).put("WAVE".toByteArray())
    head.put("fmt ".toByteArray()).putInt(16).putShort(1).putShort(1)
    head.putInt(8_000).putInt(16_000).putShort(2).putShort(16)
    head.put("data".toByteArray()).putInt(samples * 2)
    return head.array() + sound.array()
}

/** A microphone that hears just this. */
internal class FakeRecorder(private val hears: ByteArray = wav(8_000)) : Recorder {
    var into: File? = null
    var isThere = true
    var full: () -> Unit = {}

    override fun begin(into: File, full: () -> Unit) {
        if (!isThere) throw IOException("another app has it")
        this.into = into
        this.full = full
        into.writeBytes(hears)
    }

    override fun end(): Boolean = hears.isNotEmpty()
}

/** A loudspeaker that keeps what it was given, and plays until somebody says that it ended. */
internal class FakePlayer : Player {
    val played = ByteArrayOutputStream()
    var ended: (Boolean) -> Unit = {}

    override fun play(sound: Sound, ended: (Boolean) -> Unit) {
        this.ended = ended
        // As the phone's player does it, not on the main thread.
        Thread {
            while (true) {
                val piece = sound.read(played.size().toLong(), 5_000)
                if (piece.isEmpty()) break
                played.write(piece)
            }
        }.apply { start() }.join()
    }

    override fun heard() = 0.5f

    override fun stop() = Unit
}

/** Somebody who writes down what the test says. */
internal class FakeDictation : Dictation {
    var heard: (String) -> Unit = {}
    var ended: (Boolean) -> Unit = {}

    override fun begin(language: String, heard: (String) -> Unit, ended: (Boolean) -> Unit) {
        this.heard = heard
        this.ended = ended
    }

    override fun end() = ended(true)
}
