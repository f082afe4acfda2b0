package org.kapcompanion.app

import android.os.Looper
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import org.junit.Assert.assertTrue
import org.kapcompanion.core.PairingStanding
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowPausedLooper

private const val LONGEST_MS = 60_000L

/** Does something in the app's own scope, as a page would, while the main thread does what it is given. */
@OptIn(ExperimentalCoroutinesApi::class)
fun <T> CompanionApp.doing(work: suspend () -> T): T {
    val done = scope.async {
        runCatching { work() }
    }
    waitUntil { done.isCompleted }
    return done.getCompleted().getOrThrow()
}

/** Lets the main thread work until something is so. What never becomes so fails after a minute. */
fun waitUntil(isSo: () -> Boolean) {
    val looper = shadowOf(Looper.getMainLooper()) as ShadowPausedLooper
    val last = System.nanoTime() + LONGEST_MS * 1_000_000
    looper.idle()
    while (!isSo()) {
        assertTrue("never", System.nanoTime() < last)
        // Waits for the next piece of work on the main thread.
        looper.poll(50)
        looper.idle()
    }
}

/** Pairs with the clinic without the pages, and is let in. */
fun CompanionApp.pairWith(clinic: Clinic) {
    doing { door.use { it.pair(clinic.invite("Ada")) } }
    waitUntil { clinic.words() != null }
    clinic.admit()
    waitUntil {
        doing { door.use { record -> record.sync().let { record.status().pairing } } } is PairingStanding.Paired
    }
}
