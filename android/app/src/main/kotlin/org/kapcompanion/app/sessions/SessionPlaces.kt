package org.kapcompanion.app.sessions

import androidx.compose.runtime.Composable
import java.util.UUID
import org.kapcompanion.app.dosing.ReviewRoute
import org.kapcompanion.app.dosing.SessionDayRoute
import org.kapcompanion.app.reminders.RemindersRoute
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Shell

/** Where sessions are shown, and what is done before, on and after their day. */
object SessionPlaces {
    /** The day of a session: what it needs before, during and after it. */
    const val DAY = "session-day"

    /** What was written in the quiet hours, to be kept or shared. */
    const val REVIEW = "review"
    const val SESSIONS = "sessions"
    const val NEXT = "next-session"
    const val AGREED = "agreed"
    const val REPLIES = "replies"
    const val REMINDERS = "reminders"
    private const val SESSION = "session/"
    private const val PREPARE = "prepare/"
    private const val COMMITMENT = "commitment/"
    private const val REPLY = "reply/"

    /** The page of one session. */
    fun session(id: UUID): String = SESSION + id

    /** What is settled before one session. */
    fun prepare(id: UUID): String = PREPARE + id

    /** The page of one thing that was agreed on. */
    fun commitment(id: UUID): String = COMMITMENT + id

    /** The page of one reply. */
    fun reply(id: UUID): String = REPLY + id

    internal fun sessionOf(place: String): UUID? = idOf(SESSION, place)

    internal fun prepareOf(place: String): UUID? = idOf(PREPARE, place)

    internal fun commitmentOf(place: String): UUID? = idOf(COMMITMENT, place)

    internal fun replyOf(place: String): UUID? = idOf(REPLY, place)

    private fun idOf(sort: String, place: String): UUID? =
        place.takeIf { it.startsWith(sort) }?.removePrefix(sort)?.let(UUID::fromString)
}

/** Shows the place, where it is one of these; says whether it is. */
@Composable
fun sessionsAt(place: String, shell: Shell, around: Around): Boolean {
    when (place) {
        SessionPlaces.DAY -> SessionDayRoute(around, onGo = shell::go)
        SessionPlaces.REVIEW -> ReviewRoute(around, onGo = shell::go)
        SessionPlaces.SESSIONS -> SessionsRoute(around, onGo = shell::go)
        SessionPlaces.NEXT -> NextSessionRoute(around)
        SessionPlaces.AGREED -> AgreedRoute(around, onGo = shell::go)
        SessionPlaces.REPLIES -> RepliesRoute(around, onGo = shell::go)
        SessionPlaces.REMINDERS -> RemindersRoute(around)
        else -> return oneAt(place, shell, around)
    }
    return true
}

@Composable
private fun oneAt(place: String, shell: Shell, around: Around): Boolean {
    SessionPlaces.sessionOf(place)?.let { SessionRoute(it, around, onGo = shell::go) }
        ?: SessionPlaces.prepareOf(place)?.let { PrepareRoute(it, around) }
        ?: SessionPlaces.commitmentOf(place)?.let { CommitmentRoute(it, around, onGone = shell::back) }
        ?: SessionPlaces.replyOf(place)?.let { ReplyRoute(it, around, onGo = shell::go) }
        ?: return false
    return true
}
