package org.kapcompanion.app.record

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.LiveConnection
import org.kapcompanion.core.LiveListener
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.SyncView

/** How the last exchange with the server went. */
sealed interface Reached {
    /** None was tried yet, or there is nobody to reach. */
    data object Nobody : Reached

    /** It ended well. */
    data object Server : Reached

    /** It did not. What is written stays on this phone and goes later. */
    data class NotNow(val why: CompanionException) : Reached
}

/** Keeps in touch with the server while the app is in front. */
class Exchange(private val door: RecordDoor, private val scope: CoroutineScope) {
    private val standing = MutableStateFlow<Reached>(Reached.Nobody)
    private var live: LiveConnection? = null
    private var liveOf: PhoneRecord? = null

    /** How the last one went. */
    val reached: StateFlow<Reached> = standing.asStateFlow()

    private val listener = object : LiveListener {
        override fun onExchange(done: SyncView) {
            standing.value = Reached.Server
        }

        override fun onFailure(why: CompanionException) {
            standing.value = Reached.NotNow(why)
        }
    }

    init {
        scope.launch { door.records.collect { keepInTouch() } }
    }

    /** Begins to hear of what is new, once there is somebody to hear it from. */
    fun begin() {
        scope.launch { keepInTouch() }
    }

    /** Sends what was just written. */
    fun soon() {
        scope.launch {
            telling {
                door.record().sync()
                standing.value = Reached.Server
            }
        }
    }

    private suspend fun keepInTouch() {
        val record = door.record()
        if (live != null && liveOf === record) return soon()
        // Of a record that was taken away.
        live?.close()
        live = null
        telling {
            live = record.stayInTouch(listener)
            liveOf = record
        }
    }

    private suspend fun telling(work: suspend () -> Unit) {
        try {
            work()
        } catch (_: CompanionException.NotPaired) {
            standing.value = Reached.Nobody
        } catch (_: CompanionException.Paused) {
            // The app is gone from the screen: it goes on when it is back.
        } catch (_: CompanionException.Canceled) {
            // Somebody gave up on it.
        } catch (why: CompanionException) {
            standing.value = Reached.NotNow(why)
        }
    }
}
