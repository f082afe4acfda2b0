// What the boundary costs in Kotlin, over the record that `tests/benches/bindings` makes: one line of JSON for each
// figure, under the names of that benchmark.
//
// `BENCH_FOLDER` names the folder of the record, `BENCH_ROUNDS` how often each thing is done (median).

import java.io.File
import java.nio.ByteBuffer
import java.nio.ByteOrder
import kotlin.system.exitProcess
import kotlinx.coroutines.runBlocking
import org.kapcompanion.core.AttachmentRequest
import org.kapcompanion.core.ByteSource
import org.kapcompanion.core.EntryKind
import org.kapcompanion.core.EntryRequest
import org.kapcompanion.core.Journal
import org.kapcompanion.core.KeyVault
import org.kapcompanion.core.OpenRequest
import org.kapcompanion.core.PageRequest
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.closeFiles
import org.kapcompanion.core.openRecord
import org.kapcompanion.core.version

private val rounds = System.getenv("BENCH_ROUNDS")?.toInt() ?: 51

/** The key of the record that is measured. */
private object Vault : KeyVault {
    override fun key(): ByteArray = ByteArray(32) { 7 }

    override fun keepKey(key: ByteArray) = error("the record is there already")
}

fun main() {
    val folder = System.getenv("BENCH_FOLDER") ?: File("/tmp", "companion-bench-bindings").path
    val path = File(folder, "record.db")
    if (!path.exists()) {
        System.err.println("there is no record in $folder: cargo bench -p companion-tests --bench bindings makes it")
        exitProcess(1)
    }
    val open = suspend { openRecord(OpenRequest(path.path), Vault) }
    // Once for a process: the library, the compiler of the virtual machine, the way to servers.
    runBlocking { firstPage(open()) }

    say("open and first page", median(minOf(rounds, 15)) { firstPage(open()) })
    say("empty call", median(rounds * 100) { version() })
    runBlocking {
        val record = open()
        record.journal().use { journal ->
            repeat(200) { journal.page(PageRequest(rows = 50u)) }
            say("page of 50", median(rounds) { check(journal.page(PageRequest(rows = 50u)).items.size == 50) })
            recordings(record, journal)
        }
        record.closeFiles()
    }
    println("""{"language": "kotlin", "what": "memory", "mebibytes": ${highWater()}}""")
    exitProcess(0)
}

/** A recording of one megabyte: hung on an entry, and read whole. */
private suspend fun recordings(record: PhoneRecord, journal: Journal) {
    val sound = recording(1 shl 20)
    val entry = journal.create(
        EntryRequest(
            body = "with a recording",
            kind = EntryKind.Reflection,
            visibility = WhoReads.ONLY_ME,
            at = record.now(),
        ),
    ).head.id
    val attach = suspend { record.attach(entry, AttachmentRequest(length = sound.size.toULong()), Sound(sound)) }
    say("attach 1 MB", median(minOf(rounds, 9)) {
        attach()
        record.detach(entry, record.attachments(entry).last().item)
    })
    attach()
    val item = record.attachments(entry).last().item
    say("read 1 MB", median(minOf(rounds, 15)) {
        record.openAttachment(entry, item).use { stream ->
            var read = 0L
            while (true) {
                val piece = stream.read(read.toULong(), 1u shl 20)
                if (piece.isEmpty()) break
                read += piece.size
            }
            check(read >= 1 shl 20)
        }
    })
    journal.delete(entry)
}

/** Gives a recording piece by piece. */
private class Sound(private val all: ByteArray) : ByteSource {
    private var given = 0

    override fun read(most: UInt): ByteArray {
        val end = minOf(all.size, given + most.toInt())
        return all.copyOfRange(given, end).also { given = end }
    }
}

/** A WAV of one channel, 16 bits and 16 kHz, with so many bytes of sound. */
private fun recording(bytes: Int): ByteArray {
    val out = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN)
    out.put("RIFF".toByteArray()).putInt(36 + bytes).put("WAVEfmt ".toByteArray())
    out.putInt(16).putShort(1).putShort(1).putInt(16_000).putInt(32_000).putShort(2).putShort(16)
    out.put("data".toByteArray()).putInt(bytes)
    repeat(bytes) { out.put((it * 31 % 251).toByte()) }
    return out.array()
}

private suspend fun firstPage(record: PhoneRecord) {
    record.journal().use { check(it.page(PageRequest()).items.size == 30) }
    record.closeFiles()
}

private fun median(rounds: Int, work: suspend () -> Unit): Long = runBlocking {
    val took = LongArray(rounds) {
        val began = System.nanoTime()
        work()
        System.nanoTime() - began
    }
    took.sort()
    took[rounds / 2]
}

private fun say(what: String, nanoseconds: Long) =
    println("""{"language": "kotlin", "what": "$what", "nanoseconds": $nanoseconds}""")

/** The most memory that this process ever had, with the virtual machine in it. */
private fun highWater(): Long {
    val line = File("/proc/self/status").readLines().first { it.startsWith("VmHWM:") }
    return line.filter(Char::isDigit).toLong() / 1024
}
