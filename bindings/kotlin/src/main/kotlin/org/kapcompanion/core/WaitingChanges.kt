package org.kapcompanion.core

/**
 * Changes that wait for a slow collector: three at most, in their order. The first of all stays as it is, for it says
 * that what follows is complete; later ones become one, apart by whether they name kinds.
 */
internal class WaitingChanges {
    private var begun = false
    private var first: RecordChange? = null
    private val later = ArrayDeque<RecordChange>()

    @Synchronized
    fun add(change: RecordChange) {
        if (!begun) {
            begun = true
            first = change
            return
        }
        val earlier = later.firstOrNull { it.kinds.isEmpty() == change.kinds.isEmpty() }
        if (earlier == null) {
            later.addLast(change)
            return
        }
        // The place of the newer one: a change is never told before an older one.
        later.remove(earlier)
        later.addLast(change.copy(kinds = (earlier.kinds + change.kinds).distinct().sorted()))
    }

    /** The oldest, which waits no more; nothing where none waits. */
    @Synchronized
    fun take(): RecordChange? {
        val taken = first ?: return later.removeFirstOrNull()
        first = null
        return taken
    }
}
