package org.kapcompanion.app.lock

import android.os.SystemClock
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** How long the app may be away before it asks again. */
enum class Grace(val milliseconds: Long) {
    NONE(0),
    MINUTE(60_000),
    FIVE_MINUTES(300_000),
    FIFTEEN_MINUTES(900_000)
}

/** What the person chose about the lock, on this phone. */
data class LockChoice(val isOn: Boolean = false, val grace: Grace = Grace.MINUTE)

/** Whether the pages are covered. */
enum class LockStanding {
    /** The choice is being read: nothing is shown that may have to be covered. */
    UNKNOWN,
    OPEN,
    LOCKED
}

/** How long somebody may look for a picture, or type their code, in a page of the system's that we sent them to. */
private const val ANSWER_MS = 180_000L

/** How soon after asking the app is gone, where it goes for the answer. */
private const val SOON_MS = 5_000L

/**
 * Covers the pages until somebody unlocks: after the app was away for longer than the grace time, and whenever its
 * process began anew. It keeps eyes out; the record itself is sealed by its key whether this is on or off.
 */
class AppLock(
    private val kept: LockKeeper,
    private val scope: CoroutineScope,
    /** Milliseconds since the phone started, also while it sleeps: setting the clock back does not lengthen them. */
    private val elapsed: () -> Long = SystemClock::elapsedRealtime
) {
    private val writing = Mutex()
    private val chosen = MutableStateFlow<LockChoice?>(null)
    private val cover = MutableStateFlow(LockStanding.UNKNOWN)
    private var leftAt: Long? = null
    private var askedAt: Long? = null
    private var isForAnAnswer = false

    /** What was chosen; nothing as long as it is not read. */
    val choice: StateFlow<LockChoice?> = chosen.asStateFlow()

    /** Whether the pages are covered. */
    val standing: StateFlow<LockStanding> = cover.asStateFlow()

    init {
        scope.launch {
            val read = kept.read()
            chosen.value = read
            // A process that begins has nobody's word that the same person holds the phone.
            cover.value = if (read.isOn) LockStanding.LOCKED else LockStanding.OPEN
        }
    }

    /**
     * The app is about to send somebody to a page of the system's, for a picture, a permission or a code. To be covered
     * on the way back would lose the answer, so it is not, for a few minutes.
     */
    fun leavesForAnAnswer() {
        askedAt = elapsed()
    }

    /** The app is gone from the screen. */
    fun wentAway() {
        leftAt = elapsed()
        // A permission is asked for above the app, which does not leave then: leaving later is leaving.
        isForAnAnswer = askedAt?.let { elapsed() - it < SOON_MS } == true
        askedAt = null
    }

    /** The app is back. */
    fun cameBack() {
        val choice = chosen.value ?: return
        val left = leftAt ?: return
        val grace = maxOf(choice.grace.milliseconds, if (isForAnAnswer) ANSWER_MS else 0)
        leftAt = null
        isForAnAnswer = false
        if (choice.isOn && elapsed() - left >= grace) cover.value = LockStanding.LOCKED
    }

    /** Somebody unlocked. */
    fun unlocked() {
        cover.value = LockStanding.OPEN
    }

    /** Chooses. Whoever chooses is inside: nothing is covered by it now. */
    fun choose(choice: LockChoice) {
        chosen.value = choice
        // One after the other: what was chosen last is what is kept.
        scope.launch { writing.withLock { chosen.value?.let { kept.write(it) } } }
    }
}
