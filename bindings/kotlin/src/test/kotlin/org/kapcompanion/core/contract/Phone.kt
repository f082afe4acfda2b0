package org.kapcompanion.core.contract

import java.nio.file.Files
import java.nio.file.Path
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.withTimeout
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.kapcompanion.core.ChangeListener
import org.kapcompanion.core.KeyVault
import org.kapcompanion.core.MemoryVault
import org.kapcompanion.core.OpenRequest
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.RecordChange
import org.kapcompanion.core.ChangeSubscription
import org.kapcompanion.core.VaultException
import org.kapcompanion.core.openRecord

/** The longest wait for what must come: a listener is called on a thread of its own. */
private const val PATIENCE_MS = 60_000L

/** A phone of a scenario: its file and its vault, in a folder of its own. */
internal class Phone(folder: Path) {
    val path: Path = Files.createDirectories(folder).resolve("record.db")
    private val vault = MemoryVault()
    private var opened: PhoneRecord? = null

    val record: PhoneRecord get() = checkNotNull(opened) { "$path is not open" }

    /** The key, in hexadecimal digits. */
    val key: String get() = checkNotNull(vault.kept).joinToString("") { "%02x".format(it) }

    /** Opens it with its own vault, or with another one. */
    suspend fun open(named: String?) {
        val vault: KeyVault = when (named) {
            null -> vault
            "another_key" -> MemoryVault(ByteArray(32) { 9 })
            "short_key" -> MemoryVault(ByteArray(31) { 9 })
            "empty" -> MemoryVault()
            "locked" -> BrokenVault { VaultException.Locked() }
            "failing" -> BrokenVault { VaultException.Unavailable("no key chain") }
            else -> error("there is no vault called $named")
        }
        opened = openRecord(OpenRequest(path.toString()), vault)
    }

    suspend fun close() {
        val record = record
        opened = null
        record.pause()
        record.close()
    }
}

private class BrokenVault(private val fault: () -> VaultException) : KeyVault {
    override fun key(): ByteArray? = throw fault()

    override fun keepKey(key: ByteArray) = throw fault()
}

/** Somebody who listens, and all that they heard. */
internal class Ears : ChangeListener {
    private val heard = mutableListOf<RecordChange>()
    private val oneMore = Channel<Unit>(Channel.CONFLATED)
    private var subscription: ChangeSubscription? = null
    private var heardWhenCanceled = 0

    suspend fun listen(record: PhoneRecord) {
        subscription = record.listen(this)
    }

    override fun onChange(change: RecordChange) {
        synchronized(heard) { heard += change }
        oneMore.trySend(Unit)
    }

    private fun all(): List<RecordChange> = synchronized(heard) { heard.toList() }

    /** Waits until it heard of these kinds (of none: the first call), and of that place in the record. */
    suspend fun waitFor(kinds: List<String>, newest: Long?) {
        withTimeout(PATIENCE_MS) {
            while (!heardOf(kinds, newest)) oneMore.receive()
        }
    }

    private fun heardOf(kinds: List<String>, newest: Long?): Boolean {
        val all = all()
        val named = all.any { if (kinds.isEmpty()) it.kinds.isEmpty() else it.kinds.containsAll(kinds) }
        return named && (newest == null || all.any { it.sequence >= newest })
    }

    fun cancel() {
        checkNotNull(subscription).cancel()
        heardWhenCanceled = all().size
    }

    /** It heard nothing since it was canceled, but for a call that was under way. */
    fun mustHaveHeardNoMore() = assertTrue("${all()}", all().size <= heardWhenCanceled + 1)

    /** The present state came first, and no change before an older one. */
    fun mustBeInOrder() {
        val all = all()
        assertTrue("$all", all.first().kinds.isEmpty())
        assertEquals(all.map { it.sequence }.sorted(), all.map { it.sequence })
    }
}
