package org.kapcompanion.app.ui

import androidx.activity.compose.BackHandler
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.attach.DrawRoute
import org.kapcompanion.app.checkin.CheckInRoute
import org.kapcompanion.app.checkin.EditCheckInRoute
import org.kapcompanion.app.checkin.OneSaidRoute
import org.kapcompanion.app.checkin.SaidRoute
import org.kapcompanion.app.companion
import org.kapcompanion.app.devices.DevicePlaces
import org.kapcompanion.app.devices.devicesAt
import org.kapcompanion.app.help.HelpRoute
import org.kapcompanion.app.journal.EditRoute
import org.kapcompanion.app.journal.EntryRoute
import org.kapcompanion.app.journal.JournalRoute
import org.kapcompanion.app.journal.WriteRoute
import org.kapcompanion.app.leaving.LeavingPlaces
import org.kapcompanion.app.leaving.leavingAt
import org.kapcompanion.app.lock.LockRoute
import org.kapcompanion.app.lock.LockSettingsRoute
import org.kapcompanion.app.lock.LockStanding
import org.kapcompanion.app.program.programAt
import org.kapcompanion.app.record.Door
import org.kapcompanion.app.sessions.sessionsAt
import org.kapcompanion.app.settings.DiagnosticsRoute
import org.kapcompanion.app.settings.SettingsPlaces
import org.kapcompanion.app.settings.settingsAt
import org.kapcompanion.app.sharing.sharingAt
import org.kapcompanion.app.team.teamAt
import org.kapcompanion.app.today.TodayRoute
import org.kapcompanion.app.welcome.PairRoute
import org.kapcompanion.app.welcome.WelcomeScreen
import org.kapcompanion.core.words

/** The whole app: the place where the person is, or why there is none yet. Help stands before all of it. */
@Composable
fun AppShell(shell: Shell = viewModel()) {
    val door = LocalContext.current.companion.door
    val standing by door.door.collectAsStateWithLifecycle()
    val places by shell.places.collectAsStateWithLifecycle()
    val place = places.lastOrNull()
    val tab = Tab.entries.find { it.place == place }
    val around = Around(
        onHelp = { shell.go(Places.HELP) },
        onBack = { shell.back() }.takeIf { places.size > 1 && tab == null },
        tabs = tab?.let { Tabs(it, shell::go) }
    )
    val lock by LocalContext.current.companion.lock.standing.collectAsStateWithLifecycle()
    val isCovered = lock != LockStanding.OPEN
    val leadsBack = places.size > 1 && !isCovered
    BackHandler(enabled = leadsBack || place in Places.Always) { shell.back() }

    val open = standing as? Door.Open
    LaunchedEffect(open) { if (open != null) shell.begin(door) }

    val shown = standing
    when {
        // Waits for nothing.
        place == Places.HELP -> HelpRoute(isCovered) { shell.back() }

        lock == LockStanding.LOCKED -> LockRoute(around.copy(onBack = null, tabs = null))

        isCovered -> Page(stringResource(R.string.app_name), around) { Loading(stringResource(R.string.opening)) }

        shown is Door.Shut && shown.isKeyGone -> NoKeyScreen(around, door::tryAgain, door::setAside)

        // What can be said of a record that does not open.
        place == SettingsPlaces.DIAGNOSTICS -> DiagnosticsRoute(around)

        shown is Door.Shut -> ShutScreen(
            shown.why.words,
            around,
            onTryAgain = door::tryAgain,
            onReport = { shell.go(SettingsPlaces.DIAGNOSTICS) }
        )

        shown is Door.Open && place != null -> At(place, shell, around)

        else -> Page(stringResource(R.string.app_name), around) { Loading(stringResource(R.string.opening)) }
    }
}

@Composable
private fun At(place: String, shell: Shell, around: Around) {
    when (place) {
        Places.WELCOME -> WelcomeScreen(
            around,
            onPair = { shell.go(Places.PAIR) },
            onAlone = { shell.begin(Places.TODAY) },
            onRecover = { shell.go(DevicePlaces.COME_BACK) },
            onImport = { shell.go(LeavingPlaces.IMPORT) }
        )

        Places.PAIR -> PairRoute(around, onDone = { shell.begin(Places.TODAY) })

        Places.TODAY -> TodayRoute(around, onGo = shell::go)

        Places.CHECK_IN -> CheckInRoute(around, onDone = shell::back)

        Places.JOURNAL -> JournalRoute(around, onGo = shell::go)

        Places.PROGRAM -> ProgramScreen(around, onGo = shell::go)

        Places.YOU -> YouScreen(around, onGo = shell::go)

        Places.WRITE -> WriteRoute(around, onDone = shell::back, onDraw = { shell.go(Places.DRAW) })

        Places.DRAW -> DrawRoute(around, onDone = shell::back)

        Places.LOCK -> LockSettingsRoute(around)

        Places.CHECK_INS -> SaidRoute(around, onGo = shell::go)

        else -> partAt(place, shell, around)
    }
}

/** Draws a place of one of the parts that have places of their own; false where it is none of them. */
@Composable
private fun partAt(place: String, shell: Shell, around: Around): Boolean = sessionsAt(place, shell, around) ||
    programAt(place, shell, around) ||
    writtenAt(place, shell, around) ||
    sharingAt(place, shell, around) ||
    teamAt(place, shell, around) ||
    devicesAt(place, shell, around) ||
    leavingAt(place, shell, around) ||
    settingsAt(place, shell, around)

/** Draws the page of one thing that was written, or where it is edited; false where a place is neither. */
@Composable
private fun writtenAt(place: String, shell: Shell, around: Around): Boolean {
    fun id(one: String) = UUID.fromString(one)
    val (entry, editedEntry) = Places.entryOf(place) to Places.editedEntryOf(place)
    val (checkIn, editedCheckIn) = Places.checkInOf(place) to Places.editedCheckInOf(place)
    when {
        entry != null -> EntryRoute(id(entry), around, shell::go, shell::instead, onGone = shell::back)
        editedEntry != null -> EditRoute(id(editedEntry), around, onDone = shell::back)
        checkIn != null -> OneSaidRoute(id(checkIn), around, shell::go, shell::instead, onGone = shell::back)
        editedCheckIn != null -> EditCheckInRoute(id(editedCheckIn), around, onDone = shell::back)
        else -> return false
    }
    return true
}

/** The record can't be opened: why, what can be done, and that help is there all the same. */
@Composable
fun ShutScreen(words: String, around: Around, onTryAgain: () -> Unit, onReport: () -> Unit) {
    Page(stringResource(R.string.shut_title), around, bottom = {
        BottomAction(stringResource(R.string.try_again), onTryAgain)
    }) {
        Notice(sentence(words), isProblem = true)
        Quiet(stringResource(R.string.shut_kept))
        Quiet(stringResource(R.string.shut_help))
        OtherButton(stringResource(R.string.shut_report), onReport)
    }
}

/** A record that came without its key: what happened, what is left to do, and that nothing of it was touched. */
@Composable
fun NoKeyScreen(around: Around, onTryAgain: () -> Unit, onSetAside: () -> Unit) {
    Page(stringResource(R.string.no_key_title), around, bottom = {
        BottomAction(stringResource(R.string.try_again), onTryAgain)
    }) {
        Text(stringResource(R.string.no_key_why), style = MaterialTheme.typography.bodyLarge)
        Quiet(stringResource(R.string.no_key_where))
        Panel {
            Quiet(stringResource(R.string.no_key_aside_means))
            OtherButton(stringResource(R.string.no_key_aside), onSetAside)
        }
        Quiet(stringResource(R.string.shut_help))
    }
}
