package org.kapcompanion.app

import android.content.pm.ProviderInfo
import android.database.Cursor
import android.database.MatrixCursor
import android.net.Uri
import android.os.CancellationSignal
import android.os.ParcelFileDescriptor
import android.provider.DocumentsContract
import android.provider.DocumentsContract.Document
import android.provider.DocumentsProvider
import android.system.ErrnoException
import android.system.OsConstants
import java.io.File
import java.io.FileNotFoundException
import java.io.IOException
import org.robolectric.Robolectric

private const val AUTHORITY = "org.kapcompanion.test.folders"

/** Folders as another app of the phone offers them: a folder of this machine behind the system's own protocol. */
class PickedFolders : DocumentsProvider() {
    override fun onCreate() = true

    override fun queryRoots(projection: Array<out String>?): Cursor = MatrixCursor(projection.orEmpty())

    override fun queryDocument(documentId: String, projection: Array<out String>?): Cursor =
        MatrixCursor(Columns).also { row(it, File(documentId)) }

    override fun queryChildDocuments(parent: String, projection: Array<out String>?, sortOrder: String?): Cursor =
        MatrixCursor(Columns).also { cursor ->
            File(parent).listFiles().orEmpty().forEach { row(cursor, it) }
            // Some providers give rows without a name.
            cursor.addRow(arrayOf<Any?>(null, null, "application/octet-stream"))
        }

    private fun row(cursor: MatrixCursor, file: File) {
        val type = if (file.isDirectory) Document.MIME_TYPE_DIR else "application/octet-stream"
        cursor.addRow(arrayOf<Any>(file.path, file.name, type))
    }

    override fun isChildDocument(parent: String, document: String) = document.startsWith(parent)

    override fun createDocument(parent: String, mimeType: String, displayName: String): String {
        beforeFile()
        if (room == 0) throw full()
        room -= 1
        val file = File(parent, displayName)
        if (mimeType == Document.MIME_TYPE_DIR) file.mkdir() else file.createNewFile()
        return file.path
    }

    override fun deleteDocument(documentId: String) {
        File(documentId).deleteRecursively()
    }

    override fun openDocument(id: String, mode: String, signal: CancellationSignal?): ParcelFileDescriptor =
        ParcelFileDescriptor.open(File(id), ParcelFileDescriptor.parseMode(mode))

    private fun full() = FileNotFoundException("no room").apply {
        initCause(IOException(ErrnoException("open", OsConstants.ENOSPC)))
    }

    companion object {
        private val Columns =
            arrayOf(Document.COLUMN_DOCUMENT_ID, Document.COLUMN_DISPLAY_NAME, Document.COLUMN_MIME_TYPE)

        /** How many more files there is room for. */
        @Volatile var room = Int.MAX_VALUE

        /** Called before each file and folder is made. */
        @Volatile var beforeFile: () -> Unit = {}

        /** Offers a folder to be picked. */
        fun offer(folder: File): Uri {
            room = Int.MAX_VALUE
            beforeFile = {}
            val info = ProviderInfo().apply {
                authority = AUTHORITY
                exported = true
                grantUriPermissions = true
                readPermission = android.Manifest.permission.MANAGE_DOCUMENTS
                writePermission = android.Manifest.permission.MANAGE_DOCUMENTS
            }
            Robolectric.buildContentProvider(PickedFolders::class.java).create(info)
            return DocumentsContract.buildTreeDocumentUri(AUTHORITY, folder.path)
        }
    }
}
