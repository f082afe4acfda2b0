package org.kapcompanion.app.ui

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import kotlinx.coroutines.flow.StateFlow
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.sessions.SessionPlaces
import org.kapcompanion.app.settings.SettingsPlaces
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.PageRequest
import org.kapcompanion.core.PairingStanding
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.SessionStage

private const val PLACES = "places"

/** Where somebody can be in the app. */
object Places {
    const val WELCOME = "welcome"
    const val PAIR = "pair"
    const val TODAY = "today"
    const val CHECK_IN = "check-in"
    const val JOURNAL = "journal"
    const val PROGRAM = "program"
    const val YOU = "you"
    const val WRITE = "write"
    const val DRAW = "draw"
    const val LOCK = "lock"
    const val HELP = "help"
    const val CHECK_INS = "check-ins"
    private const val ENTRY = "entry/"
    private const val EDIT_ENTRY = "edit-entry/"
    private const val SAID = "check-in/"
    private const val EDIT_SAID = "edit-check-in/"

    /** Pages that are there before the record is, and without it. */
    val Always = setOf(HELP, SettingsPlaces.DIAGNOSTICS)

    /** The page of one entry. */
    fun entry(id: String): String = ENTRY + id

    /** Which entry a place is the page of. */
    fun entryOf(place: String): String? = after(ENTRY, place)

    /** Where an entry is edited. */
    fun editEntry(id: String): String = EDIT_ENTRY + id

    /** Which entry is edited at a place. */
    fun editedEntryOf(place: String): String? = after(EDIT_ENTRY, place)

    /** The page of one check-in. */
    fun checkIn(id: String): String = SAID + id

    /** Which check-in a place is the page of. */
    fun checkInOf(place: String): String? = after(SAID, place)

    /** Where a check-in is edited. */
    fun editCheckIn(id: String): String = EDIT_SAID + id

    /** Which check-in is edited at a place. */
    fun editedCheckInOf(place: String): String? = after(EDIT_SAID, place)

    private fun after(beginning: String, place: String): String? =
        place.takeIf { it.startsWith(beginning) }?.removePrefix(beginning)
}

/** Where the person is, and how they came there: the same after a rotation, and after the system ended the app. */
class Shell(private val saved: SavedStateHandle) : ViewModel() {
    /** The places, the one that is shown last. Empty until the record tells where to begin. */
    val places: StateFlow<List<String>> = saved.getStateFlow(PLACES, emptyList())

    /** Goes to a place. The first page of a part of the app has nothing behind it but today. */
    fun go(place: String) {
        when {
            place == Places.TODAY -> begin(place)
            Tab.entries.any { it.place == place } -> set(listOf(Places.TODAY, place))
            places.value.lastOrNull() != place -> set(places.value + place)
        }
    }

    /** Goes back. */
    fun back() = set(places.value.dropLast(1))

    /** Shows another place where this one is: what was shared or taken back has a page of its own from then on. */
    fun instead(place: String) = set(places.value.dropLast(1) + place)

    /** Goes to a place that one doesn't come back from. */
    fun begin(place: String) = set(listOf(place))

    /** Finds where to begin, from what the record says. */
    suspend fun begin(door: RecordDoor) {
        // A link may have been followed before it was known where to begin: that page has something behind it, too.
        if (places.value.any { it !in Places.Always && it != Places.PAIR }) return
        val first = try {
            door.use(::firstPlaces)
        } catch (_: CompanionException) {
            // That page says what is wrong.
            listOf(Places.TODAY)
        }
        set(first + places.value.filter { it != first.last() })
    }

    private fun set(places: List<String>) {
        saved[PLACES] = ArrayList(places)
    }
}

private suspend fun firstPlaces(record: PhoneRecord): List<String> = when (record.status().pairing) {
    is PairingStanding.Waiting -> listOf(Places.PAIR)

    is PairingStanding.Alone -> listOf(if (hasWritten(record)) Places.TODAY else Places.WELCOME)

    // In a session nothing lights up that somebody would have to get past.
    else -> when (record.sessionDay()?.stage) {
        SessionStage.DURING -> listOf(Places.TODAY, SessionPlaces.DAY)
        else -> listOf(Places.TODAY)
    }
}

/** Whoever wrote something here has begun, with a clinic or without. */
private suspend fun hasWritten(record: PhoneRecord): Boolean {
    val one = PageRequest(rows = 1u)
    return record.journal().use { it.count(one) } > 0u || record.checkIns().use { it.count(one) } > 0u
}
