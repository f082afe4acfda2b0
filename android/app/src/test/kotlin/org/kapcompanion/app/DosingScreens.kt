package org.kapcompanion.app

import androidx.compose.runtime.Composable
import java.util.UUID
import org.kapcompanion.app.dosing.AfterActs
import org.kapcompanion.app.dosing.AfterScreen
import org.kapcompanion.app.dosing.BeforeScreen
import org.kapcompanion.app.dosing.DuringScreen
import org.kapcompanion.app.dosing.ReadingScreen
import org.kapcompanion.app.dosing.RestScreen
import org.kapcompanion.app.dosing.ReviewScreen
import org.kapcompanion.app.dosing.SessionDay
import org.kapcompanion.app.record.Reached
import org.kapcompanion.app.sessions.PrepareActs
import org.kapcompanion.app.sessions.PrepareDraft
import org.kapcompanion.app.sessions.Preparing
import org.kapcompanion.app.today.Card
import org.kapcompanion.app.today.Today
import org.kapcompanion.app.today.TodayActs
import org.kapcompanion.app.today.TodayScreen
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.HeldBackView
import org.kapcompanion.core.HeldStanding
import org.kapcompanion.core.SessionStage
import org.kapcompanion.core.WhoReads

private val DiskFull = CompanionException.DiskFull("the disk is full")

private fun held(kind: String, words: String, wished: WhoReads?) =
    HeldBackView(UUID.nameUUIDFromBytes(words.toByteArray()), kind, At, words, wished, HeldStanding.Waits)

private val Waiting = listOf(
    held("entry", "The boat was so small", WhoReads.TALK_IN_SESSION),
    held("check_in", "", null)
)

@Composable
private fun Before(loaded: Loaded<Preparing>, saving: Saving = Saving.Not) = BeforeScreen(
    sessionToday(SessionStage.BEFORE),
    loaded,
    PrepareDraft(),
    saving,
    prepared = Saving.Not,
    Somewhere,
    PrepareActs(),
    onHere = {}
)

@Composable
private fun After(day: SessionDay, saving: Saving = Saving.Not) =
    AfterScreen(day, sessionToday(SessionStage.AFTER), saving, Somewhere, AfterActs())

@Composable
private fun Review(loaded: Loaded<SessionDay>, saving: Saving = Saving.Not) =
    ReviewScreen(loaded, saving, Somewhere, onOpen = {}, onKeep = {}, onShare = { _, _ -> })

@Composable
private fun TodayOn(stage: SessionStage, toReview: Int = 0) = TodayScreen(
    Loaded.Here(
        Today(
            Card.Session(sessionToday(stage)),
            offersCheckIn = false,
            reply = null,
            toReview = toReview,
            waiting = 0u,
            warnings = emptyList()
        )
    ),
    Reached.Server,
    First,
    TodayActs()
)

private val Planned = Today(
    Card.Next(session(2)),
    offersCheckIn = true,
    reply = reply(),
    toReview = 2,
    waiting = 0u,
    warnings = emptyList()
)

/** The day of a session, stage by stage, and the first page on it. */
internal val DosingScreens: Map<String, @Composable () -> Unit> = mapOf(
    "day-loading" to { ReadingScreen(Somewhere) },
    "day-before" to { Before(Loaded.Here(preparing(Said))) },
    "day-before-loading" to { Before(Loaded.NotYet) },
    "day-before-full" to { Before(Loaded.Here(preparing(null)), Saving.Failed(DiskFull)) },
    "day-during" to { DuringScreen(Somewhere) },
    "day-after" to {
        After(SessionDay(sessionToday(SessionStage.AFTER), session = session(2), home = Home, kept = 2))
    },
    "day-after-full" to { After(SessionDay(sessionToday(SessionStage.AFTER)), Saving.Failed(DiskFull)) },
    "day-rest" to { RestScreen(Somewhere, onBack = {}) },
    "review" to { Review(Loaded.Here(SessionDay(sessionToday(SessionStage.NEXT_DAY), toReview = Waiting))) },
    "review-empty" to { Review(Loaded.Here(SessionDay(null))) },
    "review-loading" to { Review(Loaded.NotYet) },
    "today-before" to { TodayOn(SessionStage.BEFORE) },
    "today-during" to { TodayOn(SessionStage.DURING) },
    "today-after" to { TodayOn(SessionStage.AFTER) },
    "today-next-day" to { TodayOn(SessionStage.NEXT_DAY, toReview = 2) },
    "today-planned" to { TodayScreen(Loaded.Here(Planned), Reached.Server, First, TodayActs()) }
)
