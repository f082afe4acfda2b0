package org.kapcompanion.app.ui

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import kotlinx.coroutines.flow.StateFlow
import org.kapcompanion.app.sessions.SessionPlaces
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
    const val HELP = "help"
    private const val ENTRY = "entry/"

    /** The page of one entry. */
    fun entry(id: String): String = ENTRY + id

    /** Which entry a place is the page of. */
    fun entryOf(place: String): String? = place.takeIf { it.startsWith(ENTRY) }?.removePrefix(ENTRY)
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

    /** Goes to a place that one doesn't come back from. */
    fun begin(place: String) = set(listOf(place))

    /** Finds where to begin, from what the record says. */
    suspend fun begin(record: PhoneRecord) {
        if (places.value.any { it != Places.HELP }) return
        set(firstPlaces(record) + places.value)
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
