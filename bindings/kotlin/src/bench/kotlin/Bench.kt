// What the boundary costs in Kotlin, over the record that `tests/benches/bindings` makes: one line of JSON for each
// figure, under the names of that benchmark.
//
// `BENCH_FOLDER` names the folder of the record, `BENCH_ROUNDS` how often each thing is done (median).

import java.io.File
import kotlin.system.exitProcess
import kotlinx.coroutines.runBlocking
import org.kapcompanion.core.KeyVault
import org.kapcompanion.core.OpenRequest
import org.kapcompanion.core.PageRequest
import org.kapcompanion.core.PhoneRecord
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
        }
        record.closeFiles()
    }
    println("""{"language": "kotlin", "what": "memory", "mebibytes": ${highWater()}}""")
    exitProcess(0)
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
