package org.kapcompanion.app.help

import java.io.File
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.kapcompanion.core.HelpLineView
import org.kapcompanion.core.HelpView
import org.kapcompanion.core.bundledHelp
import org.kapcompanion.core.helpWithoutKey

/**
 * Whom to call, without a key, a network or a record. The core's call reads a small file, so it is made on a thread
 * for that: [read] is its one caller.
 */
class HelpDesk(
    private val record: File,
    private val disk: CoroutineDispatcher = Dispatchers.IO,
    private val read: (String) -> HelpView = ::helpWithoutKey
) {
    /** The lines that are a part of the app: there at once. */
    fun atOnce(): List<HelpLineView> = bundledHelp().flatMap { it.lines }

    /** The clinic's lines too, and the person's own people where they chose so. */
    suspend fun whole(): HelpView = withContext(disk) { read(record.path) }
}
