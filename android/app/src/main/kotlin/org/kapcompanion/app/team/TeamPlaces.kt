package org.kapcompanion.app.team

import androidx.compose.runtime.Composable
import java.util.UUID
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Shell

/** The places of the care team. */
object TeamPlaces {
    const val TEAM = "team"
    const val LOOKS = "team/looks"
    const val RELEASES = "team/releases"
    const val GIVE = "team/give-release"
    private const val RELEASE = "team/release/"
    private const val REQUEST = "team/request/"

    /** The page of one release. */
    fun release(id: UUID): String = RELEASE + id

    /** The page of one question of the clinic's. */
    fun request(id: UUID): String = REQUEST + id

    internal fun releaseOf(place: String): UUID? = after(RELEASE, place)

    internal fun requestOf(place: String): UUID? = after(REQUEST, place)

    private fun after(beginning: String, place: String): UUID? =
        place.takeIf { it.startsWith(beginning) }?.let { UUID.fromString(it.removePrefix(beginning)) }
}

/** Draws a place of the care team; false where it is none. */
@Composable
fun teamAt(place: String, shell: Shell, around: Around): Boolean {
    val (release, request) = TeamPlaces.releaseOf(place) to TeamPlaces.requestOf(place)
    when {
        place == TeamPlaces.TEAM -> TeamRoute(around, shell::go)
        place == TeamPlaces.LOOKS -> LooksRoute(around)
        place == TeamPlaces.RELEASES -> ReleasesRoute(around, shell::go)
        place == TeamPlaces.GIVE -> GiveReleaseRoute(around, onDone = shell::back)
        release != null -> ReleaseRoute(release, around)
        request != null -> RequestRoute(request, around, onDone = shell::back)
        else -> return false
    }
    return true
}
