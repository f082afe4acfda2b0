package org.kapcompanion.app.lock

import android.content.Context
import android.content.SharedPreferences
import androidx.core.content.edit
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

private const val IS_ON = "is_on"
private const val GRACE = "grace"

/** Keeps what was chosen about the lock. */
interface LockKeeper {
    suspend fun read(): LockChoice

    suspend fun write(choice: LockChoice)
}

/** Keeps it on this phone, and not in the record: it has to be known before the record is shown. */
class LockPreferences(private val context: Context) : LockKeeper {
    override suspend fun read(): LockChoice = withContext(Dispatchers.IO) {
        val kept = kept()
        val grace = Grace.entries.find { it.name == kept.getString(GRACE, null) }
        LockChoice(kept.getBoolean(IS_ON, false), grace ?: Grace.MINUTE)
    }

    override suspend fun write(choice: LockChoice) {
        withContext(Dispatchers.IO) {
            kept().edit(commit = true) {
                putBoolean(IS_ON, choice.isOn)
                putString(GRACE, choice.grace.name)
            }
        }
    }

    private fun kept(): SharedPreferences = context.getSharedPreferences("lock", Context.MODE_PRIVATE)
}
