package org.kapcompanion.app.record

import android.content.Context
import java.io.File
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.kapcompanion.core.CertificateTrust
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.DiagnosticsView
import org.kapcompanion.core.KeyVault
import org.kapcompanion.core.OpenRequest
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.closeFiles
import org.kapcompanion.core.diagnosticsOfUnopened
import org.kapcompanion.core.openRecord
import org.kapcompanion.core.removeIfEnded

/** How the record stands for the app. */
sealed interface Door {
    /** It is being opened. */
    data object Opening : Door

    /** It is open. */
    data class Open(val record: PhoneRecord) : Door

    /** It could not be opened. Nothing was changed. */
    data class Shut(val why: CompanionException) : Door {
        /** Whether it is a record without its key: restored from a backup, or copied from another phone. */
        val isKeyGone: Boolean
            get() = why is CompanionException.NoKey || (why as? CompanionException.VaultFailed)?.words == KEY_GONE
    }
}

private const val MOST_ASIDE = 99

/** Where the record lies: out of every backup, and in a folder that the system hands nobody. */
fun recordFolder(context: Context): File = File(context.noBackupFilesDir, "record")

/** The record's file. */
fun recordFile(context: Context): File = File(recordFolder(context), "record.db")

/**
 * The one record of this process: opened once, off the main thread, put to sleep when the app is gone from the screen
 * and nobody uses it, and woken when that changes. All of that happens one after the other, in the order in which it
 * was asked for.
 */
class RecordDoor(
    private val file: File,
    private val vault: KeyVault,
    scope: CoroutineScope,
    private val trust: CertificateTrust = PlatformTrust(),
    private val forgetKey: () -> Unit = {},
    private val eraseAll: () -> Unit = {}
) {
    private val standing = MutableStateFlow<Door>(Door.Opening)
    private var opened: PhoneRecord? = null
    private val asked = Channel<suspend () -> Unit>(Channel.UNLIMITED)

    // Touched by what was asked for alone, one thing at a time.
    private var isInFront = false
    private var isAwake = true
    private var users = 0

    /** How it stands now, and each time that this changes. */
    val door: StateFlow<Door> = standing.asStateFlow()

    /** The record, each time that it is opened. */
    val records: Flow<Door.Open> = standing.filterIsInstance<Door.Open>()

    init {
        scope.launch { for (work in asked) work() }
        tryAgain()
    }

    /** The record, as soon as there is one. */
    suspend fun record(): PhoneRecord = records.first().record

    /**
     * Does something with the record that the app's going must not cut off: it stays awake until that is done. Where
     * the app is not in front, the record is woken for it, and sleeps again afterwards.
     *
     * @throws CompanionException why it can't be opened, or what [work] throws.
     */
    suspend fun <T> use(work: suspend (PhoneRecord) -> T): T {
        val ready = CompletableDeferred<Door>()
        ask {
            users += 1
            open()
            settle()
            ready.complete(standing.value)
        }
        try {
            return when (val door = ready.await()) {
                is Door.Open -> work(door.record)
                is Door.Shut -> throw door.why
                is Door.Opening -> error("what was asked for is done one after the other")
            }
        } finally {
            ask {
                users -= 1
                settle()
            }
        }
    }

    /** Opens it, if it is not open. */
    fun tryAgain() = ask { open() }

    /**
     * Puts a record without its key aside, as it is, and begins with a new one. Nothing of it is deleted: the key may
     * still be on the phone that it came from.
     */
    fun setAside() = ask {
        if ((standing.value as? Door.Shut)?.isKeyGone == true) {
            withContext(Dispatchers.IO) {
                val folder = checkNotNull(file.parentFile)
                val free = (1..MOST_ASIDE).map { File(folder.parentFile, "${folder.name}-$it") }.find { !it.exists() }
                free?.let { folder.renameTo(it) }
            }
            open()
        }
    }

    /** The app is gone from the screen: closes the files, as soon as nobody uses them. */
    fun sleep() = ask {
        isInFront = false
        settle()
    }

    /** The app is on the screen. */
    fun wake() = ask {
        isInFront = true
        settle()
    }

    /** Ends with the record, for good. */
    suspend fun close() {
        opened?.closeFiles()
        opened = null
    }

    private suspend fun open() {
        if (standing.value is Door.Open) return
        standing.value = Door.Opening
        standing.value = try {
            Door.Open(opened?.also { it.resume() } ?: openNew()).also { isAwake = true }
        } catch (why: CompanionException) {
            Door.Shut(why)
        }
    }

    private suspend fun openNew(): PhoneRecord {
        makeFolder()
        // What is left of an account that was ended goes before anything of it is shown; killed in between, it goes now.
        val request = OpenRequest(file.path)
        if (removeIfEnded(request, vault) != null) {
            eraseHere()
            makeFolder()
        }
        return openRecord(request, vault, log = null, trust).also { opened = it }
    }

    /** Takes away what is left of an account that was ended, and begins with an empty record. */
    suspend fun removeEnded() = anew { }

    /** Takes away all that is on this phone, and the key with it, and begins with an empty record. */
    suspend fun erase() = anew { eraseHere() }

    private suspend fun eraseHere() = withContext(Dispatchers.IO) {
        // The key first: killed in between, what is left of the record can be read by nobody.
        forgetKey()
        eraseAll()
    }

    private suspend fun makeFolder() = withContext(Dispatchers.IO) { checkNotNull(file.parentFile).mkdirs() }

    private suspend fun anew(meanwhile: suspend () -> Unit) {
        val done = Job()
        ask {
            val open = opened
            standing.value = Door.Opening
            opened = null
            standing.value = try {
                try {
                    open?.pause()
                } catch (_: CompanionException) {
                    // What is to go goes as well where it can't be closed well.
                }
                meanwhile()
                Door.Open(openNew()).also { isAwake = true }
            } catch (why: CompanionException) {
                Door.Shut(why)
            }
            settle()
            done.complete()
        }
        done.join()
    }

    /** What can be said of a record that does not open: versions and sizes, and nothing of what is in it. */
    suspend fun reportOnUnopened(): DiagnosticsView = diagnosticsOfUnopened(OpenRequest(file.path), vault)

    private suspend fun settle() {
        val open = standing.value as? Door.Open ?: return
        val isWanted = isInFront || users > 0
        if (isWanted == isAwake) return
        isAwake = isWanted
        try {
            if (isWanted) open.record.resume() else open.record.pause()
        } catch (why: CompanionException) {
            standing.value = Door.Shut(why)
        }
    }

    private fun ask(work: suspend () -> Unit) {
        asked.trySend(work)
    }
}
