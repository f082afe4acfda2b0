package org.kapcompanion.app.leaving

import android.content.ContentResolver
import android.net.Uri
import android.provider.DocumentsContract
import android.provider.DocumentsContract.Document
import android.system.ErrnoException
import android.system.OsConstants
import java.io.File
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream

private const val BUFFER = 64 * 1024

/** Keeps a provider from giving a file an ending of its own: what the record's list of files names must keep its name. */
private const val ANY_TYPE = "application/octet-stream"

/** There is no room in the folder that was picked. */
class FolderFull : IOException("there is no room in that folder")

/** The folder that was picked can't be read or written. */
class FolderFailed(cause: Exception? = null) : IOException("that folder can't be used", cause)

/**
 * A folder outside of the app that the person picked, on this phone or in a cloud of theirs. Called off the main thread;
 * [mayGoOn] is asked between pieces, and ends it by throwing.
 */
class PickedFolder(private val resolver: ContentResolver, private val tree: Uri) {
    private val root get() =
        DocumentsContract.buildDocumentUriUsingTree(tree, DocumentsContract.getTreeDocumentId(tree))

    /** Copies all files of a folder of the app's into a new one of that name; whole or not at all. */
    fun take(from: File, name: String, mayGoOn: () -> Unit, onFile: (Int) -> Unit) = using {
        val folder = DocumentsContract.createDocument(resolver, root, Document.MIME_TYPE_DIR, name)
            ?: throw FolderFailed()
        try {
            for ((index, file) in from.listFiles().orEmpty().sortedBy { it.name }.withIndex()) {
                val copy = DocumentsContract.createDocument(resolver, folder, ANY_TYPE, file.name)
                    ?: throw FolderFailed()
                val out = resolver.openOutputStream(copy) ?: throw FolderFailed()
                out.use { to -> file.inputStream().use { copy(it, to, mayGoOn) } }
                onFile(index + 1)
            }
        } catch (why: Exception) {
            // Half of a record is nothing that anybody should find.
            try {
                DocumentsContract.deleteDocument(resolver, folder)
            } catch (_: Exception) {
                // It is said that it failed; what is left of it is marked by its missing files.
            }
            throw why
        }
    }

    /** Copies the files of the picked folder into one of the app's. */
    fun bring(to: File, mayGoOn: () -> Unit) = using {
        for ((name, document) in files()) {
            // A name is no path, whatever a provider says.
            if (name.isBlank() || '/' in name || name == "." || name == "..") continue
            val file = resolver.openAssetFileDescriptor(document, "r") ?: throw FolderFailed()
            file.createInputStream().use { from -> File(to, name).outputStream().use { copy(from, it, mayGoOn) } }
        }
    }

    private fun files(): List<Pair<String, Uri>> {
        val id = DocumentsContract.getTreeDocumentId(tree)
        val children = DocumentsContract.buildChildDocumentsUriUsingTree(tree, id)
        val columns = arrayOf(Document.COLUMN_DOCUMENT_ID, Document.COLUMN_DISPLAY_NAME, Document.COLUMN_MIME_TYPE)
        val found = mutableListOf<Pair<String, Uri>>()
        val cursor = resolver.query(children, columns, null, null) ?: throw FolderFailed()
        cursor.use {
            while (it.moveToNext()) {
                if (it.getString(2) == Document.MIME_TYPE_DIR) continue
                // A provider may leave out whatever it likes.
                val (id, name) = (it.getString(0) ?: continue) to (it.getString(1) ?: continue)
                found += name to DocumentsContract.buildDocumentUriUsingTree(tree, id)
            }
        }
        return found
    }

    private fun copy(from: InputStream, to: OutputStream, mayGoOn: () -> Unit) {
        val buffer = ByteArray(BUFFER)
        while (true) {
            mayGoOn()
            val read = from.read(buffer)
            if (read < 0) break
            to.write(buffer, 0, read)
        }
        to.flush()
    }

    /** What a provider throws, in two words for it. */
    private fun using(work: () -> Unit) = try {
        work()
    } catch (why: FolderFailed) {
        throw why
    } catch (why: IOException) {
        throw if (why.isFull) FolderFull() else FolderFailed(why)
    } catch (why: SecurityException) {
        throw FolderFailed(why)
    } catch (why: IllegalArgumentException) {
        throw FolderFailed(why)
    } catch (why: UnsupportedOperationException) {
        throw FolderFailed(why)
    }
}

private val Throwable.isFull: Boolean
    get() = generateSequence(this) { it.cause }
        .any { (it as? ErrnoException)?.errno in setOf(OsConstants.ENOSPC, OsConstants.EDQUOT) }
