package org.kapcompanion.app.ui

import org.kapcompanion.core.CompanionException

/** How saving goes. */
sealed interface Saving {
    data object Not : Saving

    data object Now : Saving

    /** It is in the record. */
    data object Done : Saving

    /** It is not; what was written is still on the page. */
    data class Failed(val why: CompanionException) : Saving
}
