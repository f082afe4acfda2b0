package org.kapcompanion.app

import java.io.File
import kotlinx.coroutines.runBlocking
import org.junit.rules.ExternalResource
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.KeyVault
import org.kapcompanion.core.OpenRequest
import org.kapcompanion.core.PairingStanding
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.closeFiles
import org.kapcompanion.core.openRecord

/** Another phone of the same person, without a screen: a record beside the app's, with its key in memory. */
class SecondPhone : ExternalResource() {
    private val folder: File = createTempDirectory()
    private val opened = lazy { runBlocking { openRecord(OpenRequest(File(folder, "record.db").path), MemoryVault()) } }

    /** Its record. */
    val record: PhoneRecord by opened

    override fun after() {
        if (opened.isInitialized()) runBlocking { record.closeFiles() }
        folder.deleteRecursively()
    }

    /** Joins by a link. */
    fun join(link: String) = runBlocking {
        record.pair(link)
        record.sync()
    }

    /** The words that it shows; nothing as long as nobody answered. */
    fun words(): List<String>? = runBlocking {
        record.sync()
        (record.status().pairing as? PairingStanding.Waiting)?.compareWords
    }

    /** Whether it is in the record. */
    fun isIn(): Boolean = runBlocking {
        try {
            record.sync()
        } catch (_: CompanionException.NotPaired) {
            // It was removed.
        }
        record.status().pairing is PairingStanding.Paired
    }

    private class MemoryVault : KeyVault {
        private var kept: ByteArray? = null

        override fun key(): ByteArray? = kept

        override fun keepKey(key: ByteArray) {
            kept = key
        }
    }
}

private fun createTempDirectory(): File = kotlin.io.path.createTempDirectory("second-phone").toFile()
