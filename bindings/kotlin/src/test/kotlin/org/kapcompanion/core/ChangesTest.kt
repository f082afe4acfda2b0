package org.kapcompanion.core

import java.io.File
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.flow.transformWhile
import kotlinx.coroutines.launch
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

class ChangesTest {
    private val phone = TestPhone()
    private val record = phone.record

    @After
    fun close() = phone.close()

    /** All changes up to that place in the record. */
    private suspend fun changesUpTo(sequence: Long, seen: suspend (RecordChange) -> Unit = {}): List<RecordChange> =
        record.changes().transformWhile { change ->
            seen(change)
            emit(change)
            change.sequence < sequence
        }.toList()

    @Test
    fun `the present state comes first`() = running {
        record.write("before")
        val first = record.changes().first()
        assertEquals(RecordChange(record.sequence(), emptyList()), first)
    }

    @Test
    fun `each change comes after the ones before it`() = running {
        val begun = CompletableDeferred<Unit>()
        val heard = mutableListOf<RecordChange>()
        val listening = launch(Dispatchers.Default) {
            record.changes().collect { change ->
                heard += change
                begun.complete(Unit)
                if ("check_in" in change.kinds) throw kotlin.coroutines.cancellation.CancellationException("heard all")
            }
        }
        begun.await()
        repeat(100) { number -> record.write("number $number") }
        record.checkIns().use { it.create(checkIn()) }
        listening.join()
        assertEquals(emptyList<String>(), heard.first().kinds)
        assertTrue("entry" in heard.flatMap { it.kinds })
        assertEquals(heard.map { it.sequence }.sorted(), heard.map { it.sequence })
        assertEquals(record.sequence(), heard.last().sequence)
    }

    @Test
    fun `a slow collector misses no kind`() = running {
        val goOn = CompletableDeferred<Unit>()
        val begun = CompletableDeferred<Unit>()
        val heard = mutableListOf<RecordChange>()
        val listening = launch(Dispatchers.Default) {
            record.changes().transformWhile { change ->
                emit(change)
                "check_in" !in change.kinds
            }.collect { change ->
                heard += change
                begun.complete(Unit)
                goOn.await()
            }
        }
        begun.await()
        repeat(30) { number -> record.write("number $number") }
        record.checkIns().use { it.create(checkIn()) }
        goOn.complete(Unit)
        listening.join()
        assertEquals(setOf("entry", "check_in"), heard.flatMap { it.kinds }.toSet())
        assertEquals(record.sequence(), heard.last().sequence)
    }

    @Test
    fun `a collector that ends takes its thread with it`() = running {
        record.changes().first()
        until { listenerThreads() == 0 }
        repeat(200) { record.changes().first() }
        val collectors = List(20) { launch(Dispatchers.Default) { record.changes().collect() } }
        until { listenerThreads() == 20 }
        collectors.forEach { it.cancelAndJoin() }
        until { listenerThreads() == 0 }
    }

    @Test
    fun `what is watched is loaded at once and after each change`() = running {
        val shown = Channel<List<String>>(Channel.UNLIMITED)
        val watching = launch(Dispatchers.Default) {
            record.watching { it.bodies() }.collect { shown.send(it) }
        }
        assertEquals(emptyList<String>(), shown.receive())
        record.write("first")
        assertEquals(listOf("first"), shown.receive())
        record.write("second")
        assertEquals(listOf("second", "first"), shown.receive())
        watching.cancelAndJoin()
    }

    @Test
    fun `watching outlives a pause and shows what came after it`() = running {
        val shown = Channel<List<String>>(Channel.UNLIMITED)
        val watching = launch(Dispatchers.Default) {
            record.watching { it.bodies() }.collect { shown.send(it) }
        }
        assertEquals(emptyList<String>(), shown.receive())
        record.pause()
        assertThrows(CompanionException.Paused::class.java) { waitFor { record.write("asleep") } }
        record.resume()
        record.write("awake")
        assertEquals(listOf("awake"), shown.receive())
        watching.cancelAndJoin()
    }

    @Test
    fun `only the kinds that were asked for are loaded anew, and what names none`() = running {
        val changes = flowOf(
            RecordChange(1, emptyList()),
            RecordChange(2, listOf("check_in")),
            RecordChange(3, listOf("check_in", "entry")),
            RecordChange(3, emptyList()),
        )
        var loads = 0
        assertEquals(listOf(1, 2, 3), changes.loading(setOf("entry")) { ++loads }.toList())
    }

    @Test
    fun `the same value is shown once, and nothing of a pause`() = running {
        val changes = flowOf(1L, 2L, 3L, 4L).map { RecordChange(it, listOf("entry")) }
        val values = ArrayDeque(listOf<String?>(null, null, "paused", "entry"))
        val shown = changes.loading(emptySet()) {
            val value = values.removeFirst()
            if (value == "paused") throw CompanionException.Paused()
            value
        }
        assertEquals(listOf(null, "entry"), shown.toList())
    }

    @Test
    fun `after a fault inside it is loaded once more, and no oftener`() = running {
        val changes = flowOf(RecordChange(1, listOf("entry")))
        for (fault in listOf(CompanionException.Internal("a fault"), CompanionException.InUse("another process"))) {
            var loads = 0
            val shown = changes.loading(emptySet()) { if (++loads == 1) throw fault else loads }
            assertEquals(listOf(2), shown.toList())
            val broken = changes.loading<Int>(emptySet()) { throw fault }
            assertThrows(fault::class.java) { waitFor { broken.toList() } }
        }
    }

    @Test
    fun `what loading throws reaches whoever watches`() {
        val broken = record.watching<Unit> { throw CompanionException.NotPaired() }
        assertThrows(CompanionException.NotPaired::class.java) { waitFor { broken.take(1).toList() } }
    }

    /** Threads on which listeners are called, as Linux counts them. */
    private fun listenerThreads(): Int =
        File("/proc/self/task").listFiles().orEmpty().count { task ->
            runCatching { task.resolve("comm").readText().startsWith("companion-liste") }.getOrDefault(false)
        }
}
