package org.kapcompanion.app.help

import java.io.File
import org.kapcompanion.core.HelpLineView
import org.kapcompanion.core.HelpView
import org.kapcompanion.core.bundledHelp
import org.kapcompanion.core.helpWithoutKey

/** Whom to call, without a key, a network or a record. */
class HelpDesk(private val record: File) {
    /** The lines that are a part of the app: there at once. */
    fun atOnce(): List<HelpLineView> = bundledHelp().flatMap { it.lines }

    /** The clinic's lines too, and the person's own people where they chose so. */
    suspend fun whole(): HelpView = helpWithoutKey(record.path)
}
