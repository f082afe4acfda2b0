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
import org.kapcompanion.core.isPassing

/** How the last exchange with the server went. */
sealed interface Reached {
    /** None was tried yet, or there is nobody to reach. */
    data object Nobody : Reached

    /** It ended well. */
    data object Server : Reached

    /** It did not. What is written stays on this phone and goes later. */
    data class NotNow(val why: CompanionException) : Reached
}

/** Sends later what could not be sent now. */
interface Later {
    /** As soon as there is a network, once. */
    fun ask()

    /** There is nothing to send any more. */
    fun forget()
}

/** Keeps in touch with the server while the app is in front, and has what waits sent later when it is not. */
class Exchange(private val door: RecordDoor, private val later: Later, private val scope: CoroutineScope) {
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

    /** Sends what was just written: now, or as soon as there is a network. */
    fun soon() {
        scope.launch {
            telling {
                try {
                    val done = door.record().sync()
                    standing.value = Reached.Server
                    if (done.problems.any { it.passing }) later.ask() else later.forget()
                } catch (why: CompanionException) {
                    if (why.isPassing) later.ask()
                    throw why
                }
            }
        }
    }

    /** Sends what waits while the app is not in front. True where another try can help. */
    suspend fun catchUp(): Boolean = try {
        door.use { record -> record.hasToSend() && record.sync().problems.any { it.passing } }
    } catch (why: CompanionException) {
        why.isPassing
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

/** Whether anything waits: no server is asked for nothing. */
private suspend fun PhoneRecord.hasToSend(): Boolean = status().let { it.waiting > 0u || it.files.waiting.files > 0u }
