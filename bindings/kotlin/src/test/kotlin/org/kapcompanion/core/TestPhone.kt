package org.kapcompanion.core

import java.nio.file.Files
import java.nio.file.Path
import java.time.Instant
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield

/** The longest that anything here may take: only what hangs takes as long. */
private const val PATIENCE_MS = 120_000L

/** Runs a test that calls the core, on its real threads. */
internal fun running(test: suspend CoroutineScope.() -> Unit): Unit = waitFor(test)

/** Waits for a call. */
internal fun <T> waitFor(call: suspend CoroutineScope.() -> T): T = runBlocking { withTimeout(PATIENCE_MS, call) }

/** Waits for what another thread does some time. */
internal suspend fun until(isSo: suspend () -> Boolean) {
    while (!isSo()) yield()
}

/** A vault in memory. */
internal open class MemoryVault(@Volatile var kept: ByteArray? = null) : KeyVault {
    override fun key(): ByteArray? = kept

    override fun keepKey(key: ByteArray) {
        kept = key
    }
}

/** A record of its own for one test, in a folder of its own. */
internal class TestPhone : AutoCloseable {
    val folder: Path = Files.createTempDirectory("companion-kotlin")
    val path: Path = folder.resolve("record.db")
    val vault = MemoryVault()
    val record: PhoneRecord = waitFor { open() }

    suspend fun open(vault: KeyVault = this.vault): PhoneRecord = openRecord(OpenRequest(path.toString()), vault)

    override fun close() {
        running { record.closeFiles() }
        folder.toFile().deleteRecursively()
    }
}

private val written = AtomicInteger()

/** An entry to write, a minute after the one before. */
internal fun entry(body: String): EntryRequest {
    val at = LocalMoment(Instant.ofEpochSecond(1_780_000_000L + written.incrementAndGet() * 60L), 60)
    return EntryRequest(body = body, kind = EntryKind.Reflection, visibility = WhoReads.ONLY_ME, at = at)
}

/** A check-in to write. */
internal fun checkIn(): CheckInRequest =
    CheckInRequest(valence = 4u, visibility = WhoReads.ONLY_ME, at = entry("").at)

internal suspend fun PhoneRecord.write(body: String): EntryView = journal().use { it.create(entry(body)) }

internal suspend fun PhoneRecord.bodies(): List<String> =
    journal().use { journal -> journal.page(PageRequest(rows = 500u)).items.map { it.body } }
