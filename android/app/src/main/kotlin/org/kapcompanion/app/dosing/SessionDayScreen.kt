package org.kapcompanion.app.dosing

import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import org.kapcompanion.app.R
import org.kapcompanion.app.attach.SayIt
import org.kapcompanion.app.sessions.PrepareActs
import org.kapcompanion.app.sessions.PrepareDraft
import org.kapcompanion.app.sessions.PrepareParts
import org.kapcompanion.app.sessions.Preparing
import org.kapcompanion.app.sessions.acts
import org.kapcompanion.app.sessions.prepareModel
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.BottomAction
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.Loading
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Places
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.toldTime
import org.kapcompanion.core.EntryKind
import org.kapcompanion.core.EntryRequest
import org.kapcompanion.core.LocalMoment
import org.kapcompanion.core.SessionStage
import org.kapcompanion.core.SessionTodayView
import org.kapcompanion.core.WhoReads

/** The day of a session: the page of the stage that the person is in, and of the next one as soon as it begins. */
@Composable
fun SessionDayRoute(around: Around, onGo: (String) -> Unit) {
    val model: SessionDayViewModel = viewModel(factory = SessionDayViewModel.Factory)
    val loaded by model.day.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    val isResting by model.isResting.collectAsStateWithLifecycle()
    if (loaded is Loaded.NotYet) return ReadingScreen(around)
    val day = (loaded as? Loaded.Here)?.value
    val today = day?.today
    // Whoever rested rests no more once the quiet hours are over.
    LaunchedEffect(today?.stage) { if (today?.stage != SessionStage.AFTER) model.rest(false) }
    when (today?.stage) {
        SessionStage.BEFORE -> Before(today, saving, around, model::sayHere)

        SessionStage.DURING -> DuringScreen(around)

        SessionStage.AFTER -> AfterRoute(day, today, isResting, saving, around, model, onGo)

        SessionStage.NEXT_DAY, null -> ReviewScreen(
            loaded,
            saving,
            around,
            onOpen = { onGo(Places.entry(it.toString())) },
            onKeep = model::keepPrivate,
            onShare = model::share
        )
    }
}

/** It is not known yet which stage it is: dark, so that nobody in a session is blinded. */
@Composable
fun ReadingScreen(around: Around) {
    QuietTheme {
        Page(stringResource(R.string.day_title), around) { Loading(stringResource(R.string.opening)) }
    }
}

@Composable
private fun AfterRoute(
    day: SessionDay,
    today: SessionTodayView,
    isResting: Boolean,
    saving: Saving,
    around: Around,
    model: SessionDayViewModel,
    onGo: (String) -> Unit
) {
    if (isResting) {
        RestScreen(around, onBack = { model.rest(false) })
        return
    }
    AfterScreen(
        day,
        today,
        saving,
        around,
        AfterActs(
            onWrite = { onGo(Places.WRITE) },
            onRest = { model.rest(true) },
            onNotOver = model::sayNotEnded
        ),
        sayIt = { SayIt({ spoken(today, it) }, button = { words, onTap -> LargeButton(words, onTap) }) }
    )
}

/** What is said in the quiet hours is the person's alone, and offered to be looked at once they are over. */
private fun spoken(today: SessionTodayView, at: LocalMoment) = EntryRequest(
    body = "",
    kind = EntryKind.AfterSession,
    session = today.session,
    visibility = WhoReads.ONLY_ME,
    at = at
)

@Composable
private fun Before(today: SessionTodayView, saving: Saving, around: Around, onHere: () -> Unit) {
    val prepare = prepareModel(today.session)
    val preparing by prepare.preparing.collectAsStateWithLifecycle()
    val draft by prepare.draft.collectAsStateWithLifecycle()
    val prepared by prepare.saving.collectAsStateWithLifecycle()
    BeforeScreen(today, preparing, draft, saving, prepared, around, prepare.acts(), onHere)
}

/** Before a session, on its day: what is still to do, and that one is there. Nothing is rated. */
@Composable
fun BeforeScreen(
    today: SessionTodayView,
    loaded: Loaded<Preparing>,
    draft: PrepareDraft,
    saving: Saving,
    prepared: Saving,
    around: Around,
    acts: PrepareActs,
    onHere: () -> Unit
) {
    Page(stringResource(R.string.before_title), around, bottom = {
        BottomAction(stringResource(R.string.before_here), onHere, saving !is Saving.Now)
    }) {
        Panel {
            Text(stringResource(R.string.before_begins, today.number.toInt(), toldTime(today.times.begins)))
            if (today.place.isNotBlank()) Quiet(today.place)
            Quiet(stringResource(R.string.before_here_means))
        }
        WhyNot(saving)
        WhyNot(prepared)
        LoadedPart(loaded) { PrepareParts(it, draft, acts) }
    }
}
