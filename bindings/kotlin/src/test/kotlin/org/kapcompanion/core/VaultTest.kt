package org.kapcompanion.core

import java.nio.file.Files
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

class VaultTest {
    private val folder = Files.createTempDirectory("companion-kotlin")
    private val path = folder.resolve("record.db")

    @After
    fun clear() {
        folder.toFile().deleteRecursively()
    }

    private fun open(vault: KeyVault, log: EventLog? = null): List<String> =
        waitFor { withRecord(OpenRequest(path.toString()), vault, log) { it.bodies() } }

    private fun vault(key: () -> ByteArray?): KeyVault = object : KeyVault {
        override fun key(): ByteArray? = key()

        override fun keepKey(key: ByteArray) = throw VaultException.Unavailable("no room")
    }

    @Test
    fun `a vault that can keep no key makes no record`() {
        val error = assertThrows(CompanionException.VaultFailed::class.java) { open(vault { null }) }
        assertEquals("no room", error.words)
        assertFalse(Files.exists(path))
    }

    @Test
    fun `a record opens with its own key alone`() {
        val own = MemoryVault()
        waitFor { withRecord(OpenRequest(path.toString()), own) { it.write("kept") } }
        assertThrows(CompanionException.WrongKey::class.java) { open(MemoryVault(ByteArray(32))) }
        assertThrows(CompanionException.NoKey::class.java) { open(MemoryVault(ByteArray(31))) }
        assertThrows(CompanionException.NoKey::class.java) { open(MemoryVault()) }
        assertThrows(CompanionException.VaultLocked::class.java) { open(vault { throw VaultException.Locked() }) }
        assertEquals(listOf("kept"), open(own))
    }

    @Test
    fun `every error has a sentence for a person, and says whether time alone can help`() {
        val own = MemoryVault()
        waitFor { withRecord(OpenRequest(path.toString()), own) { } }
        val missing: CompanionException = assertThrows(CompanionException.NoKey::class.java) { open(MemoryVault()) }
        assertEquals("there is a record on this phone, and its key is missing", missing.words)
        assertFalse(missing.isPassing)
        val locked: CompanionException = assertThrows(CompanionException.VaultLocked::class.java) {
            open(vault { throw VaultException.Locked() })
        }
        assertEquals("the key is locked", locked.words)
        assertTrue(locked.isPassing)
    }

    @Test
    fun `what else a vault throws is an error without its words`() {
        val error = assertThrows(CompanionException.VaultFailed::class.java) {
            open(vault { error("key 1234") })
        }
        assertFalse(error.toString(), "1234" in error.toString())
    }

    @Test
    fun `a log that throws is nobody's business`() {
        val log = object : EventLog {
            override fun line(line: LogLine) = error("the log is full")
        }
        assertEquals(emptyList<String>(), open(MemoryVault(), log))
    }

    @Test
    fun `the log says what happens and nothing of the record`() {
        val lines = mutableListOf<LogLine>()
        val log = object : EventLog {
            override fun line(line: LogLine) {
                synchronized(lines) { lines += line }
            }
        }
        waitFor { withRecord(OpenRequest(path.toString()), MemoryVault(), log) { it.write("a secret") } }
        val said = synchronized(lines) { lines.toList() }
        assertEquals(listOf("open", "pause"), said.map { it.what })
        assertFalse("a secret" in said.toString())
    }
}
