package org.kapcompanion.app.reminders

import android.content.Context
import android.util.AtomicFile
import java.io.File
import java.io.IOException
import java.time.Instant
import org.json.JSONArray
import org.json.JSONException
import org.json.JSONObject
import org.kapcompanion.core.LocalMoment
import org.kapcompanion.core.ReminderTopic
import org.kapcompanion.core.ShownReminder

/** A reminder that the system has an alarm for: when, and by which names. Not a word of what it says. */
data class SetAlarm(val id: String, val fingerprint: String, val at: Instant)

/** What this phone knows of its alarms. */
data class ReminderBook(
    /** Whether the person turned reminders on, on this phone. */
    val isOn: Boolean = false,
    /** What the system has an alarm for. */
    val set: List<SetAlarm> = emptyList(),
    /** What was shown in the last week. */
    val shown: List<ShownReminder> = emptyList()
)

/** Keeps the book beside the record, out of backups: another phone has other alarms. Reads and writes a file. */
class ReminderFile(private val file: File) {
    constructor(context: Context) : this(File(context.noBackupFilesDir, "reminders.json"))

    /** What was kept; an empty book where nothing was, or where it can't be read: everything is then set anew. */
    fun read(): ReminderBook = try {
        book(JSONObject(AtomicFile(file).readFully().decodeToString()))
    } catch (_: IOException) {
        ReminderBook()
    } catch (_: JSONException) {
        ReminderBook()
    }

    /** Keeps it. */
    fun write(book: ReminderBook) {
        val atomic = AtomicFile(file)
        val out = try {
            atomic.startWrite()
        } catch (_: IOException) {
            return
        }
        try {
            out.write(json(book).toString().toByteArray())
            atomic.finishWrite(out)
        } catch (_: IOException) {
            // A full disk: the alarms that are set go off all the same, and the next planning sets them once more.
            atomic.failWrite(out)
        }
    }
}

private fun json(book: ReminderBook) = JSONObject()
    .put("on", book.isOn)
    .put("set", JSONArray(book.set.map { JSONObject().put("id", it.id).put("as", it.fingerprint).put("at", it.at.ms) }))
    .put("shown", JSONArray(book.shown.map(::json)))

private fun json(shown: ShownReminder) = JSONObject()
    .put("id", shown.id)
    .put("at", shown.at.instant.ms)
    .put("offset", shown.at.offsetMinutes)
    .put("topic", shown.topic.name)

private fun book(json: JSONObject) = ReminderBook(
    isOn = json.getBoolean("on"),
    set = json.getJSONArray("set").objects { SetAlarm(it.getString("id"), it.getString("as"), it.instant("at")) },
    shown = json.getJSONArray("shown").objects { shown(it) }.filterNotNull()
)

private fun shown(json: JSONObject): ShownReminder? {
    val topic = ReminderTopic.entries.find { it.name == json.getString("topic") } ?: return null
    return ShownReminder(json.getString("id"), LocalMoment(json.instant("at"), json.getInt("offset")), topic)
}

private val Instant.ms: Long get() = toEpochMilli()

private fun JSONObject.instant(name: String): Instant = Instant.ofEpochMilli(getLong(name))

private fun <T> JSONArray.objects(each: (JSONObject) -> T): List<T> = List(length()) { each(getJSONObject(it)) }
