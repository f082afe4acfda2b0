package org.kapcompanion.app.attach

import android.content.Context
import java.io.File
import java.io.IOException
import java.util.UUID
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.kapcompanion.core.CompanionException

/** What a recording that ended well is called, until it is sealed. */
private const val WHOLE = "whole-"

/**
 * Where a recording lies while it is made: the system's recorder needs a file. Each is sealed into the record as soon
 * as it ends and is gone from here then. What could not be sealed (a full disk) is sealed when the app begins the next
 * time; half of a recording, which nothing can play, is gone then.
 */
class RecordingFolder(private val folder: File, private val scope: CoroutineScope) {
    constructor(context: Context, scope: CoroutineScope) : this(File(context.noBackupFilesDir, "recordings"), scope)

    private var sweeping: Job? = null

    /** Keeps what could not be kept the last time, and takes away what a crash left. Called once, when the app begins. */
    fun sweep(keep: suspend (ToAttach) -> Unit) {
        sweeping = scope.launch {
            for (file in withContext(Dispatchers.IO) { folder.listFiles().orEmpty() }) {
                try {
                    if (file.name.startsWith(WHOLE)) keep(recordingToAttach(file))
                    wipe(file)
                } catch (_: CompanionException) {
                    // It can't be kept now either: the next time, then.
                } catch (_: IOException) {
                    wipe(file)
                }
            }
        }
    }

    /** A recording ended well. Gives where it lies now. */
    suspend fun whole(file: File): File = withContext(Dispatchers.IO) {
        File(folder, WHOLE + file.name).takeIf { file.renameTo(it) } ?: file
    }

    /**
     * A file to record into.
     *
     * @throws IOException where it can't be made.
     */
    suspend fun newFile(): File {
        sweeping?.join()
        return withContext(Dispatchers.IO) {
            if (!folder.isDirectory && !folder.mkdirs()) throw IOException("no folder")
            File(folder, "${UUID.randomUUID()}.m4a").also { it.createNewFile() }
        }
    }

    /** Takes one away. */
    suspend fun wipe(file: File) {
        withContext(Dispatchers.IO) { file.delete() }
    }
}
