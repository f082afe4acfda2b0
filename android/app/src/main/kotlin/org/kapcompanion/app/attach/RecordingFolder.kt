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

/**
 * Where a recording lies while it is made: the system's recorder needs a file. Each is sealed into the record as soon
 * as it ends and is gone from here then; what a crash left is gone when the app begins the next time.
 */
class RecordingFolder(private val folder: File, private val scope: CoroutineScope) {
    constructor(context: Context, scope: CoroutineScope) : this(File(context.noBackupFilesDir, "recordings"), scope)

    private var sweeping: Job? = null

    /** Takes away what a crash left. Called once, when the app begins. */
    fun sweep() {
        sweeping = scope.launch(Dispatchers.IO) { folder.listFiles().orEmpty().forEach { it.delete() } }
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
