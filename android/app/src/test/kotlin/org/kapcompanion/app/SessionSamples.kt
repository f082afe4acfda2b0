package org.kapcompanion.app

import java.time.Duration
import java.util.UUID
import org.kapcompanion.app.sessions.Preparing
import org.kapcompanion.app.sessions.RuleOfClinic
import org.kapcompanion.app.sessions.SessionLine
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.core.DayMarksView
import org.kapcompanion.core.DayOffersView
import org.kapcompanion.core.Delivery
import org.kapcompanion.core.DocumentHead
import org.kapcompanion.core.DosingSessionView
import org.kapcompanion.core.IntentionView
import org.kapcompanion.core.LocalMoment
import org.kapcompanion.core.NewsAnswer
import org.kapcompanion.core.NewsAnswerView
import org.kapcompanion.core.PreparationView
import org.kapcompanion.core.ReplyView
import org.kapcompanion.core.RideStanding
import org.kapcompanion.core.SessionPartsView
import org.kapcompanion.core.SessionStage
import org.kapcompanion.core.SessionStepView
import org.kapcompanion.core.SessionTimesView
import org.kapcompanion.core.SessionTodayView
import org.kapcompanion.core.SessionWord
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.preparationItems

internal fun after(hours: Double): LocalMoment = At.copy(instant = At.instant.plusSeconds((hours * 3600).toLong()))

internal fun head(name: String, shared: Boolean): DocumentHead =
    entry(name, if (shared) Delivery.Delivered(CLINIC, At) else Delivery.OnlyYours, shared).head

internal val Parts = SessionPartsView(At, after(0.5), after(1.5), after(2.0), after(2.5))

internal fun session(number: Int, calledOff: Boolean = false): DosingSessionView {
    val off = SessionStepView(SessionWord.CALLED_OFF, At, after(2.5), "You were ill.", "Maya Lindqvist", At)
    return DosingSessionView(
        head = head("session $number", shared = true),
        number = number.toUInt(),
        at = At,
        arrivalMinutes = Duration.ofMinutes(30),
        medicineMinutes = Duration.ofMinutes(60),
        comingBackMinutes = Duration.ofMinutes(30),
        groundingMinutes = Duration.ofMinutes(30),
        place = "Harbor Street 12, second floor",
        address = "12 Harbor Street, Portland",
        contact = "Ring the bell below; 555 0100",
        therapist = "Maya Lindqvist",
        medicalProvider = "Dr. Vega",
        note = "Bring the blue folder.",
        steps = if (calledOff) listOf(off) else emptyList(),
        movedFrom = after(-24.0).takeIf { !calledOff },
        parts = Parts,
        takesPlace = !calledOff,
        calledOff = if (calledOff) listOf(off) else emptyList()
    )
}

internal val Said = PreparationView(
    session = UUID(0, 7),
    eyeshades = true,
    music = null,
    musicNote = "",
    musicLink = "",
    escortName = "Jonas, my brother",
    escortPhone = "555 0100",
    escortMode = null,
    ride = RideStanding.NOT_CONFIRMED,
    rideConfirmedAt = null,
    items = preparationItems().mapIndexed { at, item -> item.copy(isDone = at == 0) },
    doneBesides = emptyList(),
    marks = DayMarksView(here = null, ended = null),
    dayWords = emptyList(),
    at = At
)

internal val Lines = listOf(SessionLine(session(2), Said), SessionLine(session(3, calledOff = true), null))

internal val Home =
    RuleOfClinic("getting-home", "Getting home", listOf("Walk with the person who fetches you."), "Dr. Vega, May 28")

internal fun intention(text: String, shared: Boolean) = IntentionView(
    head = head(text, shared),
    about = UUID(0, 7),
    text = text,
    values = listOf("patience", "being near"),
    visibility = if (shared) WhoReads.CARE_TEAM else WhoReads.ONLY_ME,
    at = At
)

internal fun preparing(said: PreparationView?) = Preparing(
    session = session(2),
    said = said,
    items = said?.items ?: preparationItems(),
    rules = listOf(
        RuleOfClinic(
            "eating-and-drinking",
            "Eating and drinking",
            listOf("Nothing to eat from eight in the morning on.", "• Sips of water until ten."),
            "Written by Dr. Vega on May 28, 2026"
        ),
        RuleOfClinic("medicines", "Medicines", emptyList(), "Your clinic has not written this down here. Ask them.")
    ),
    intentions = if (said == null) emptyList() else listOf(intention("To listen before I answer.", shared = true)),
    news = if (said == null) null else NewsAnswerView(head("news", true), UUID(0, 7), NewsAnswer.NOTHING, "", null, At),
    sharing = Sharing.OFFERED
)

internal fun sessionToday(stage: SessionStage): SessionTodayView {
    val isQuiet = stage == SessionStage.DURING || stage == SessionStage.AFTER
    return SessionTodayView(
        session = UUID(0, 7),
        number = 2u,
        place = "Harbor Street 12, second floor",
        parts = Parts,
        preparation = Said.copy(marks = DayMarksView(At, after(2.5).takeIf { stage == SessionStage.AFTER })),
        times = SessionTimesView(after(-12.0), At, after(2.5), after(26.5), after(50.5), ceased = null),
        stage = stage,
        offers = DayOffersView(
            crisisHelp = true,
            writing = true,
            prompts = !isQuiet,
            measures = stage == SessionStage.NEXT_DAY,
            settings = !isQuiet,
            sharing = !isQuiet
        )
    )
}

internal fun reply() = ReplyView(
    Entries[0].head,
    about = Entries[0].head.id,
    body = "Thank you for the boat. Let us begin with the rope on Thursday.",
    by = "Maya Lindqvist",
    at = At
)
