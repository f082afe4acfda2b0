package org.kapcompanion.app.leaving

import android.content.ContentResolver
import android.net.Uri
import java.io.File
import java.util.UUID
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext

/**
 * Where a record passes through in the clear, on its way out of the app or into it: a folder that no other app can read,
 * is in no backup, and is emptied when the passage is over, and at the next start after the app was ended in between.
 */
class Passage(private val folder: File, private val resolver: ContentResolver) {
    /** Takes away what was left of an earlier passage. Call it before any begins. */
    suspend fun clear() = withContext(Dispatchers.IO) { folder.deleteRecursively() }

    /** A new place that is not there yet. */
    suspend fun place(): File = withContext(Dispatchers.IO) {
        folder.mkdirs()
        File(folder, UUID.randomUUID().toString())
    }

    /** Takes a place away, also when whoever waits gave up. */
    suspend fun leave(place: File) {
        withContext(NonCancellable + Dispatchers.IO) { place.deleteRecursively() }
    }

    /** The folder that the person picked. */
    fun picked(tree: Uri) = PickedFolder(resolver, tree)
}
