package org.kapcompanion.core

import java.nio.file.Files
import java.nio.file.Path
import java.util.UUID
import java.util.concurrent.ConcurrentLinkedQueue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.yield
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

class RecordTest {
    private val phone = TestPhone()
    private val record = phone.record

    @After
    fun close() = phone.close()

    @Test
    fun `what was written comes back as it was`() = running {
        val request = entry("The lake was calm. Ψ 湖 🌊").copy(mood = 6u, tags = listOf("calm", "lake"))
        val written = record.journal().use { it.create(request) }
        val read = record.journal().use { it.get(written.head.id) }
        assertEquals(written, read)
        assertEquals(request.body, read.body)
        assertEquals(request.mood, read.mood)
        assertEquals(request.tags, read.tags)
        assertEquals(request.at, read.at)
        assertEquals(Delivery.OnlyYours, read.head.delivery)
    }

    @Test
    fun `ten thousand calls leave nothing behind`() = running {
        record.write("still here")
        val journal = record.journal()
        val one = PageRequest(rows = 1u)
        repeat(5_000) {
            version()
            assertEquals(1UL, journal.count(one))
        }
        journal.close()
        assertEquals(0, uniffiContinuationHandleMap.size)
        assertEquals(listOf("still here"), record.bodies())
    }

    @Test
    fun `calls at once from many coroutines are all answered`() = running {
        val written = List(50) { number -> async(Dispatchers.Default) { record.write("number $number") } }.awaitAll()
        assertEquals(50, written.map { it.head.id }.toSet().size)
        assertEquals(written.map { it.body }.toSet(), record.bodies().toSet())
    }

    @Test
    fun `a canceled write is whole or was never begun`() = running {
        val body = List(200) { "whole or not at all" }.joinToString()
        val done = ConcurrentLinkedQueue<UUID>()
        repeat(100) { number ->
            val writing = launch(Dispatchers.Default) { done += record.write(body).head.id }
            repeat(number % 25) { yield() }
            writing.cancel()
        }
        record.write("and on")
        val entries = record.journal().use { it.page(PageRequest(rows = 500u)) }.items
        assertEquals(emptySet<UUID>(), done.toSet() - entries.map { it.head.id }.toSet())
        assertTrue(entries.any { it.body == "and on" })
        assertTrue(entries.all { it.body == body || it.body == "and on" })
        until { uniffiContinuationHandleMap.size == 0 }
    }

    @Test
    fun `a panic inside is an error that says nothing of the record, and the next call works`() = running {
        record.write("before")
        val error = assertThrows(CompanionException.Internal::class.java) { waitFor { record.panicInside() } }
        assertFalse(error.toString(), "a word of the record" in error.toString())
        record.write("after")
        assertEquals(listOf("after", "before"), record.bodies())
    }

    @Test
    fun `a listener that throws harms nobody else`() = running {
        val ears = object : ChangeListener {
            override fun onChange(change: RecordChange) = error("a fault of the app's")
        }
        record.listen(ears).use {
            record.write("written")
            assertEquals(listOf("written"), record.bodies())
        }
    }

    @Test
    fun `an error says what is wrong with which field`() {
        val tooLong = entry("x".repeat(100_001))
        val error = assertThrows(CompanionException.Invalid::class.java) {
            waitFor { record.journal().use { it.create(tooLong) } }
        }
        assertEquals("body", error.field)
        assertEquals(FieldProblem.TooLong(100_000UL), error.problem)
    }

    @Test
    fun `what is no revision is said like any other field`() = running {
        val written = record.write("as it was")
        val error = assertThrows(CompanionException.Invalid::class.java) {
            waitFor { record.journal().use { it.edit(written.head.id, "no revision", entry("changed")) } }
        }
        assertEquals("revision", error.field)
        assertEquals(listOf("as it was"), record.bodies())
    }

    @Test
    fun `a paused record answers nothing until it is resumed`() = running {
        record.pause()
        assertThrows(CompanionException.Paused::class.java) { waitFor { record.status() } }
        record.resume()
        assertEquals(PairingStanding.Alone, record.status().pairing)
    }

    @Test
    fun `files are closed when closeFiles returns`() = running {
        val path = phone.folder.resolve("other.db")
        val other = openRecord(OpenRequest(path.toString()), MemoryVault())
        // Somebody still holds a list of it.
        val journal = other.journal()
        assertTrue(isOpen(path))
        other.closeFiles()
        assertFalse(isOpen(path))
        assertThrows(CompanionException.Paused::class.java) { waitFor { journal.count(PageRequest()) } }
        journal.close()
        assertThrows(IllegalStateException::class.java) { waitFor { other.status() } }
    }

    @Test
    fun `withRecord closes the files whatever happens`() = running {
        val path = phone.folder.resolve("other.db")
        val request = OpenRequest(path.toString())
        val vault = MemoryVault()
        val journal = withRecord(request, vault) { other ->
            other.journal().also { it.create(entry("in the background")) }
        }
        assertFalse(isOpen(path))
        journal.close()
        assertThrows(CompanionException.NotPaired::class.java) {
            waitFor { withRecord(request, vault) { it.sync() } }
        }
        assertFalse(isOpen(path))
        assertEquals(listOf("in the background"), withRecord(request, vault) { it.bodies() })
    }

    /** Whether this process has the file open, as Linux says. */
    private fun isOpen(path: Path): Boolean =
        Files.newDirectoryStream(Path.of("/proc/self/fd")).use { open ->
            open.any { runCatching { Files.readSymbolicLink(it).startsWith(path) }.getOrDefault(false) }
        }
}
