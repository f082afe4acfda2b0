package org.kapcompanion.core

import java.io.File
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.launchIn
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.launch
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Test

// An app's first lines, as `bindings/README.md` shows them between these marks; `bindings/ffi/tests/first_lines.rs`
// holds both to the same.

// README:
class Keys(private val secrets: Secrets) : KeyVault {               // over the Android Keystore
    override fun key(): ByteArray? = secrets.read("record")
    override fun keepKey(key: ByteArray) = secrets.write("record", key)
}
// :README

/** What stands for the Android Keystore. */
interface Secrets {
    fun read(name: String): ByteArray?
    fun write(name: String, key: ByteArray)
}

/** What stands for a screen of Android's. */
abstract class Screen {
    abstract fun onStop()
    abstract fun onStart()
}

class FirstLinesTest {
    private val phone = TestPhone()
    private val said = mutableListOf<String>()
    private val shown = CompletableDeferred<List<EntryView>>()
    private lateinit var opened: PhoneRecord

    @After
    fun close() {
        running { opened.closeFiles() }
        phone.close()
    }

    private fun say(words: String) {
        said += words
    }

    private fun show(entries: List<EntryView>) {
        shown.complete(entries)
    }

    private suspend fun begin(filesDir: File, secrets: Secrets, link: String, scope: CoroutineScope): Screen {
        // README:
        val record = openRecord(OpenRequest(path = File(filesDir, "record.db").path), Keys(secrets), log = null)

        record.watching { it.journal().page(PageRequest()) }                 // a Flow: now, and after each change
            .onEach { page -> show(page.items) }
            .catch { why -> if (why is CompanionException) say(why.words) else throw why }   // the flow has ended with it
            .launchIn(scope)                                                 // on the main dispatcher

        try {
            record.pair(link)                                                // then compare the words of record.status()
            record.sync()
        } catch (why: CompanionException.Offline) {
            say(why.words)
        } catch (why: CompanionException) {                                  // each has words for a person
            say(why.words)
        }
        // :README
        opened = record
        return object : Screen() {
            // README:
            // One place that hears of both, in their order: of pauses and resumes the last one that began holds.
            override fun onStop() { scope.launch { told { record.pause() } } }   // closes the files
            override fun onStart() { scope.launch { told { record.resume() } } } // an error of one ends no other
            suspend fun told(call: suspend () -> Unit) = try { call() } catch (why: CompanionException) { say(why.words) }
            // :README
        }
    }

    @Test
    fun `an app's first lines open a record, say what went wrong, and sleep and wake`() = running {
        phone.record.write("from before")
        phone.record.pause()
        val secrets = object : Secrets {
            override fun read(name: String) = phone.vault.key()
            override fun write(name: String, key: ByteArray) = phone.vault.keepKey(key)
        }
        val life = Job(coroutineContext[Job])
        val scope = CoroutineScope(coroutineContext + life)
        val screen = begin(phone.folder.toFile(), secrets, "no link", scope)
        assertEquals(listOf("from before"), shown.await().map { it.body })
        val noLink = assertThrows(CompanionException.BadLink::class.java) { waitFor { opened.pair("no link") } }
        assertEquals(listOf(noLink.words), said)

        screen.onStop()
        until { runCatching { opened.status() }.exceptionOrNull() is CompanionException.Paused }
        screen.onStart()
        until { runCatching { opened.status() }.isSuccess }
        assertEquals(listOf(noLink.words), said)
        life.cancelAndJoin()
    }
}
