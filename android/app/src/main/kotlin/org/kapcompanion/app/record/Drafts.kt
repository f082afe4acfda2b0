package org.kapcompanion.app.record

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import java.util.UUID
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import org.json.JSONException
import org.json.JSONObject
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.PhoneRecord

/** How long somebody types on before it is kept again: each time waits for the disk. */
private const val PAUSE_MS = 1_000L

/**
 * What is half written on pages. It is kept in the record, sealed, so that it outlives whatever ends the app: what Android
 * keeps of a page is gone when the person closes the app from the list of recent apps.
 */
class Drafts(private val scope: CoroutineScope, private val door: RecordDoor) {
    private val open = mutableSetOf<Draft>()

    /**
     * The draft of a page while [model] lives: those of [fields] in [saved] that hold something. Called at the end of the
     * model's construction, when its fields have their first values. [about] is what is changed on the page; nothing for
     * something new.
     */
    fun of(model: ViewModel, saved: SavedStateHandle, page: String, about: UUID?, vararg fields: String): Draft {
        val draft = Draft(scope, door, saved, Place(page, about), fields.toList())
        open += draft
        model.addCloseable {
            open -= draft
            draft.keepNow()
        }
        return draft
    }

    /** The app leaves the screen, and may not come back. */
    fun keepAll() = open.forEach { it.keepNow() }
}

/** Where a draft belongs. */
internal data class Place(val page: String, val about: UUID?)

/** What is half written on one page. */
class Draft internal constructor(
    private val scope: CoroutineScope,
    private val door: RecordDoor,
    private val saved: SavedStateHandle,
    private val place: Place,
    private val fields: List<String>
) {
    private val turn = Mutex()
    private var isNew = false
    private var keeping: Job? = null

    // Whose it is: what was typed into one record is never kept in the one after it.
    private var record: PhoneRecord? = null

    /** Takes up what was half written the last time, unless the page holds something already. */
    suspend fun takeUp() {
        val kept = reaching { it.draft(place.page, place.about) } ?: return
        if (written().length() > 0) return
        try {
            val all = JSONObject(kept)
            for (field in fields) if (all.has(field)) saved[field] = all.get(field)
        } catch (_: JSONException) {
            // Written by a version that keeps another form: it stays until something new is typed.
        }
    }

    /** Something was typed, chosen, or is done with. It is kept soon. */
    fun changed() {
        isNew = true
        if (keeping?.isActive == true) return
        keeping = scope.launch {
            while (isNew) {
                keep()
                delay(PAUSE_MS)
            }
        }
    }

    /** Keeps at once what is not kept yet. */
    fun keepNow() {
        if (isNew) scope.launch { keep() }
    }

    /** What was written is in the record, or nobody wants it any more. */
    suspend fun forget() = turn.withLock {
        isNew = false
        reaching { it.keepDraft(place.page, place.about, "") }
        Unit
    }

    private suspend fun keep() = turn.withLock {
        if (!isNew) return@withLock
        isNew = false
        val all = written()
        // Where it can't be kept (a full disk), it is still on the page, and tried again with the next letter.
        reaching { it.keepDraft(place.page, place.about, if (all.length() == 0) "" else all.toString()) }
    }

    private fun written() = JSONObject().apply {
        for (field in fields) {
            when (val value = saved.get<Any>(field)) {
                is String -> if (value.isNotEmpty()) put(field, value)
                is Int -> if (value != 0) put(field, value)
            }
        }
    }

    private suspend fun <T> reaching(work: suspend (PhoneRecord) -> T): T? = try {
        door.use { reached -> if (reached === (record ?: reached.also { record = it })) work(reached) else null }
    } catch (_: CompanionException) {
        null
    }
}
