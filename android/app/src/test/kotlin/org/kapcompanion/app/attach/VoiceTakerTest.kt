package org.kapcompanion.app.attach

import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import java.io.File
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.kapcompanion.app.CompanionApp
import org.kapcompanion.app.Phone
import org.kapcompanion.app.doing
import org.kapcompanion.app.waitUntil
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.PageRequest
import org.kapcompanion.core.WhoReads

/** A voice from the tap to its seal: where it lies meanwhile, and that it is gone from there. */
@RunWith(AndroidJUnit4::class)
class VoiceTakerTest {
    @get:Rule val phone = Phone()

    private val app: CompanionApp = ApplicationProvider.getApplicationContext()
    private val folder = File(app.noBackupFilesDir, "recordings")
    private val recorder = FakeRecorder()
    private val kept = mutableListOf<ByteArray>()
    private var failsWith: CompanionException? = null
    private val taker = VoiceTaker(app.scope, { recorder }, RecordingFolder(folder, app.scope)) { what ->
        failsWith?.let { throw it }
        kept += what.source.read(1_000_000u)
    }

    private fun files() = folder.listFiles().orEmpty().toList()

    private fun awaitVoice(voice: Voice) = waitUntil { taker.voice.value == voice }

    @Test
    fun `what is said is kept when it ends, and lies on the disk no longer`() {
        taker.begin()
        awaitVoice(Voice.Recording)
        assertEquals(1, files().size)
        assertTrue(files().single().startsWith(app.noBackupFilesDir))
        taker.end()
        awaitVoice(Voice.Kept)
        assertArrayEquals(wav(8_000), kept.single())
        assertEquals(emptyList<File>(), files())
    }

    @Test
    fun `what is discarded is kept nowhere`() {
        taker.begin()
        awaitVoice(Voice.Recording)
        taker.discard()
        awaitVoice(Voice.Ready)
        assertEquals(0, kept.size)
        assertEquals(emptyList<File>(), files())
    }

    @Test
    fun `on a full disk the recording waits to be tried again, and then it is gone from there`() {
        failsWith = CompanionException.DiskFull("the disk is full")
        taker.begin()
        awaitVoice(Voice.Recording)
        taker.end()
        waitUntil { taker.voice.value is Voice.NotKept }
        assertEquals(1, files().size)
        // A second one does not take its place.
        taker.begin()
        app.doing { }
        assertTrue(taker.voice.value is Voice.NotKept)
        failsWith = null
        taker.tryAgain()
        awaitVoice(Voice.Kept)
        assertArrayEquals(wav(8_000), kept.single())
        assertEquals(emptyList<File>(), files())
    }

    @Test
    fun `a recorder that ends by itself keeps what it has`() {
        taker.begin()
        awaitVoice(Voice.Recording)
        recorder.full()
        awaitVoice(Voice.Kept)
        assertEquals(1, kept.size)
    }

    @Test
    fun `where another app has the microphone it says so, and can be tried again`() {
        recorder.isThere = false
        taker.begin()
        awaitVoice(Voice.NoMicrophone)
        assertEquals(emptyList<File>(), files())
        recorder.isThere = true
        taker.begin()
        awaitVoice(Voice.Recording)
    }

    @Test
    fun `what could not be kept is kept when the app begins the next time`() {
        failsWith = CompanionException.DiskFull("the disk is full")
        taker.begin()
        awaitVoice(Voice.Recording)
        taker.end()
        waitUntil { taker.voice.value is Voice.NotKept }
        // The process ended here. The next one finds room.
        app.doing { app.door.use { it.status() } }
        waitUntil { files().isEmpty() }
        val entries = app.doing { app.door.use { record -> record.journal().use { it.page(PageRequest(rows = 9u)) } } }
        assertEquals(WhoReads.ONLY_ME, entries.items.single().visibility)
        val attached = app.doing { app.door.use { it.attachments(entries.items.single().head.id) } }
        assertTrue(attached.single().isSound)
    }

    @Test
    fun `what can't be kept the next time either waits on`() {
        failsWith = CompanionException.DiskFull("the disk is full")
        taker.begin()
        awaitVoice(Voice.Recording)
        taker.end()
        waitUntil { taker.voice.value is Voice.NotKept }
        val next = RecordingFolder(folder, app.scope)
        next.sweep { throw CompanionException.DiskFull("the disk is full") }
        // A new recording waits for the sweep.
        val another = app.doing { next.newFile() }
        assertEquals(2, files().size)
        app.doing { next.wipe(another) }
    }

    @Test
    fun `what a crash left is gone when the app begins the next time`() {
        taker.begin()
        awaitVoice(Voice.Recording)
        assertEquals(1, files().size)
        // The process ended here. The next one opens its record, and looks.
        app.doing { app.door.use { it.status() } }
        waitUntil { files().isEmpty() }
    }
}
