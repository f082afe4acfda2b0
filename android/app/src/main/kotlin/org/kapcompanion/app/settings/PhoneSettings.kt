package org.kapcompanion.app.settings

import android.content.Context
import android.content.SharedPreferences
import androidx.core.content.edit
import java.util.Locale
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

private const val FILE = "phone"
private const val LIGHT = "light"
private const val PICTURES = "pictures"
private const val LANGUAGE = "language"

/** How light or dark the app is. */
enum class Light {
    /** As the phone is. */
    AS_PHONE,

    /** Always light. */
    LIGHT,

    /** Always dark. */
    DARK,

    /** Near black, for the night and for tired eyes. */
    DIM
}

/** What is chosen for this phone, and is no part of the record. */
data class Chosen(
    val light: Light = Light.AS_PHONE,
    /** Whether pictures of the screen may be taken, and the list of recent apps may show the app. */
    val allowsPictures: Boolean = false,
    /** The language of the app, where Android does not keep that itself; nothing for the phone's. */
    val language: String? = null
)

/** Settings of this phone. They are read and written off the main thread; until then the defaults hold. */
class PhoneSettings(private val context: Context, private val scope: CoroutineScope) {
    private val standing = MutableStateFlow(Chosen())
    private val hasRead = CompletableDeferred<Unit>()
    private val ofPhone = Locale.getDefault()
    private val writing = Mutex()

    /** What is chosen. */
    val chosen: StateFlow<Chosen> = standing.asStateFlow()

    /** Done once what was chosen is read. */
    val isRead: Deferred<Unit> get() = hasRead

    /** Reads what was chosen. */
    fun begin() {
        scope.launch {
            val read = withContext(Dispatchers.IO) { read(file()) }
            read.language?.let(::speak)
            standing.value = read
            hasRead.complete(Unit)
        }
    }

    /** Changes something: it counts at once, and is kept. */
    fun change(change: (Chosen) -> Chosen) {
        scope.launch {
            // What was not read yet is not written over.
            hasRead.await()
            val changed = change(standing.value)
            if (changed.language != standing.value.language) speak(changed.language)
            standing.value = changed
            writing.withLock { withContext(Dispatchers.IO) { write(file(), standing.value) } }
        }
    }

    /** Days and times are written in the app's language, too. */
    private fun speak(language: String?) {
        if (language != null) Locale.setDefault(Locale.forLanguageTag(language)) else Locale.setDefault(ofPhone)
    }

    private fun file(): SharedPreferences = context.getSharedPreferences(FILE, Context.MODE_PRIVATE)
}

private fun read(file: SharedPreferences) = Chosen(
    light = Light.entries.find { it.name == file.getString(LIGHT, null) } ?: Light.AS_PHONE,
    allowsPictures = file.getBoolean(PICTURES, false),
    language = file.getString(LANGUAGE, null)
)

private fun write(file: SharedPreferences, chosen: Chosen) = file.edit(commit = true) {
    putString(LIGHT, chosen.light.name)
    putBoolean(PICTURES, chosen.allowsPictures)
    putString(LANGUAGE, chosen.language)
}
