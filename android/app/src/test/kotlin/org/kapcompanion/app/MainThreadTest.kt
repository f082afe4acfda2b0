package org.kapcompanion.app

import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import java.lang.reflect.Modifier
import kotlin.coroutines.Continuation
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.kapcompanion.core.AttachmentStream
import org.kapcompanion.core.CheckIns
import org.kapcompanion.core.ExportToImport
import org.kapcompanion.core.Journal
import org.kapcompanion.core.PhoneRecord

/** Nothing of the core runs on the main thread, and nothing there waits for it. */
@RunWith(AndroidJUnit4::class)
class MainThreadTest {
    private val app: CompanionApp = ApplicationProvider.getApplicationContext()

    private fun watching(work: () -> Unit): List<String> {
        val watch = MainThreadWatch()
        watch.begin(app)
        try {
            work()
        } finally {
            watch.end()
        }
        return watch.seen
    }

    @Test
    fun `a file that is read on the main thread is seen`() {
        val planted = watching { org.kapcompanion.app.reminders.ReminderFile(app).read() }
        assertTrue("$planted", planted.isNotEmpty() && planted.all { "reminders.json" in it })
        val elsewhere = watching {
            Thread { org.kapcompanion.app.reminders.ReminderFile(app).read() }.apply { start() }.join()
        }
        assertEquals(emptyList<String>(), elsewhere)
    }

    /** Verbs of the core that don't suspend: each says of itself that it touches no disk. */
    @Test
    fun `every verb of the core suspends, but for those that touch no disk`() {
        val classes =
            listOf(PhoneRecord::class, Journal::class, CheckIns::class, AttachmentStream::class, ExportToImport::class)
        val atOnce = classes.map { it.java }.flatMap { type ->
            type.declaredMethods
                .filter { Modifier.isPublic(it.modifiers) && !Modifier.isStatic(it.modifiers) && !it.isSynthetic }
                .filter { method -> method.parameterTypes.none { Continuation::class.java.isAssignableFrom(it) } }
                // What the generator gives each object, and the lists, which are names alone.
                .filter {
                    '$' !in it.name && !GENERATED.containsMatchIn(it.name) &&
                        it.returnType.interfaces.none { its -> its.simpleName.endsWith("Interface") }
                }
                .map { "${type.simpleName}.${it.name.substringBefore('-')}" }
        }
        assertEquals(AT_ONCE, atOnce.toSortedSet())
    }

    @Test
    fun `nothing of the app waits for a coroutine`() {
        val files = AppSources.walk().filter { it.extension == "kt" }.toList()
        assertTrue("$AppSources", files.size > 20)
        val waiting = files.filter { file -> WAITS.any { it in file.readText() } }.map { it.name }
        // A player asks for bytes on a thread of its own, and has to be given them there.
        assertEquals(listOf("Bytes.kt"), waiting)
    }

    private companion object {
        val GENERATED = Regex("^(close|destroy|toString|hashCode|equals)$|[uU]niffi|WithHandle")
        val WAITS = listOf("runBlocking", "Thread.sleep", "CountDownLatch", "future.get()")
        val AT_ONCE = sortedSetOf(
            "AttachmentStream.length",
            "AttachmentStream.mediaType",
            "CheckIns.kind",
            "ExportToImport.plan",
            "Journal.kind",
            "PhoneRecord.networkIs",
            "PhoneRecord.now",
            "PhoneRecord.stopSyncing"
        )
    }
}
