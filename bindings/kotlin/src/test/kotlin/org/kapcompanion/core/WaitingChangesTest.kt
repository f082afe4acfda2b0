package org.kapcompanion.core

import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

class WaitingChangesTest {
    private val waiting = WaitingChanges()

    private fun add(sequence: Long, vararg kinds: String) = waiting.add(RecordChange(sequence, kinds.toList()))

    private fun all() = generateSequence(waiting::take).toList()

    @Test
    fun `the first change stays as it is`() {
        add(1)
        add(2)
        assertEquals(listOf(RecordChange(1, emptyList()), RecordChange(2, emptyList())), all())
    }

    @Test
    fun `what waits becomes one change with all kinds, in the place of the newest`() {
        add(1)
        add(2, "entry")
        add(3, "check_in")
        add(4, "entry")
        assertEquals(listOf(RecordChange(1, emptyList()), RecordChange(4, listOf("check_in", "entry"))), all())
    }

    @Test
    fun `a change of the standing alone is not swallowed by one of the record`() {
        add(1)
        waiting.take()
        add(2, "entry")
        add(2)
        add(3, "check_in")
        assertEquals(listOf(RecordChange(2, emptyList()), RecordChange(3, listOf("check_in", "entry"))), all())
    }

    @Test
    fun `no change is told before an older one`() {
        for (sequence in 1L..50L) {
            if (sequence % 3 == 0L) add(sequence) else add(sequence, "kind$sequence")
        }
        val told = all().map { it.sequence }
        assertEquals(told.sorted(), told)
        assertEquals(50L, told.last())
        assertNull(waiting.take())
    }

    @Test
    fun `a change that was taken takes no later one with it`() {
        add(1)
        add(2, "entry")
        assertEquals(2, all().size)
        add(3, "entry")
        assertEquals(listOf(RecordChange(3, listOf("entry"))), all())
    }
}
