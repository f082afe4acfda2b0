package org.kapcompanion.app

import android.os.Looper
import java.time.Duration
import org.junit.rules.ExternalResource
import org.kapcompanion.core.turnClock
import org.robolectric.Shadows.shadowOf

/** The clock that the record goes by; it is right again after the test. */
class TurnedClock : ExternalResource() {
    override fun after() = turnClock(0)

    /** Turns it so far ahead of the device's, and lets whoever looks at a page find out. */
    fun turn(ahead: Duration) {
        turnClock(ahead.toMillis())
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMinutes(1))
    }
}
