package org.kapcompanion.app.ui

import androidx.activity.compose.BackHandler
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.checkin.CheckInRoute
import org.kapcompanion.app.companion
import org.kapcompanion.app.help.HelpRoute
import org.kapcompanion.app.journal.EntryRoute
import org.kapcompanion.app.journal.JournalRoute
import org.kapcompanion.app.journal.WriteRoute
import org.kapcompanion.app.program.programAt
import org.kapcompanion.app.record.Door
import org.kapcompanion.app.sessions.sessionsAt
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
    BackHandler(enabled = places.size > 1 || place == Places.HELP) { shell.back() }

    val open = standing as? Door.Open
    LaunchedEffect(open) { open?.let { shell.begin(it.record) } }

    val shown = standing
    when {
        // Waits for nothing.
        place == Places.HELP -> HelpRoute { shell.back() }

        shown is Door.Shut -> ShutScreen(shown.why.words, around, onTryAgain = door::tryAgain)

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
            onAlone = { shell.begin(Places.TODAY) }
        )

        Places.PAIR -> PairRoute(around, onDone = { shell.begin(Places.TODAY) })

        Places.TODAY -> TodayRoute(around, onGo = shell::go)

        Places.CHECK_IN -> CheckInRoute(around, onDone = shell::back)

        Places.JOURNAL -> JournalRoute(around, onGo = shell::go)

        Places.PROGRAM -> ProgramScreen(around, onGo = shell::go)

        Places.YOU -> YouScreen(around, onGo = shell::go)

        Places.WRITE -> WriteRoute(around, onDone = shell::back)

        else -> {
            if (sessionsAt(place, shell, around)) return
            if (programAt(place, shell, around)) return
            Places.entryOf(place)?.let { EntryRoute(UUID.fromString(it), around) }
        }
    }
}

/** The record can't be opened: why, what can be done, and that help is there all the same. */
@Composable
fun ShutScreen(words: String, around: Around, onTryAgain: () -> Unit) {
    Page(stringResource(R.string.shut_title), around, bottom = {
        BottomAction(stringResource(R.string.try_again), onTryAgain)
    }) {
        Notice(sentence(words), isProblem = true)
        Quiet(stringResource(R.string.shut_kept))
        Quiet(stringResource(R.string.shut_help))
    }
}
