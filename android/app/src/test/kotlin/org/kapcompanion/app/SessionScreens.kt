package org.kapcompanion.app

import androidx.compose.runtime.Composable
import java.time.Duration
import java.util.UUID
import org.kapcompanion.app.sessions.Agreed
import org.kapcompanion.app.sessions.AgreedDraft
import org.kapcompanion.app.sessions.AgreedScreen
import org.kapcompanion.app.sessions.Answered
import org.kapcompanion.app.sessions.BecameDraft
import org.kapcompanion.app.sessions.CommitmentScreen
import org.kapcompanion.app.sessions.LineDraft
import org.kapcompanion.app.sessions.NextSession
import org.kapcompanion.app.sessions.NextSessionActs
import org.kapcompanion.app.sessions.NextSessionScreen
import org.kapcompanion.app.sessions.OneAgreed
import org.kapcompanion.app.sessions.PrepareActs
import org.kapcompanion.app.sessions.PrepareDraft
import org.kapcompanion.app.sessions.PrepareScreen
import org.kapcompanion.app.sessions.Preparing
import org.kapcompanion.app.sessions.RepliesScreen
import org.kapcompanion.app.sessions.ReplyScreen
import org.kapcompanion.app.sessions.SessionPage
import org.kapcompanion.app.sessions.SessionScreen
import org.kapcompanion.app.sessions.Sessions
import org.kapcompanion.app.sessions.SessionsScreen
import org.kapcompanion.app.sessions.SharingActs
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.core.CalendarDay
import org.kapcompanion.core.CommitmentBecame
import org.kapcompanion.core.CommitmentView
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.GlanceDoubts
import org.kapcompanion.core.GlanceLine
import org.kapcompanion.core.GlanceWhy
import org.kapcompanion.core.HowFar
import org.kapcompanion.core.MedicineRoute
import org.kapcompanion.core.MedicineShownView
import org.kapcompanion.core.NextSessionLineView
import org.kapcompanion.core.RemainsView
import org.kapcompanion.core.ReplyPage
import org.kapcompanion.core.VisitForm
import org.kapcompanion.core.VisitReason
import org.kapcompanion.core.VisitView
import org.kapcompanion.core.WhoReads

private val Full = CompanionException.DiskFull("the disk is full")
private val Damaged = CompanionException.Damaged("the record is damaged")

private val AVisit = VisitView(
    head = head("visit", shared = true),
    purpose = VisitReason.Integration,
    at = At,
    minutes = Duration.ofMinutes(50),
    way = VisitForm.Video,
    place = "",
    address = "",
    contact = "",
    with = "Maya Lindqvist",
    note = "",
    calledOffAt = null,
    movedFrom = null,
    ends = after(0.8),
    takesPlace = true
)

private val Medicine = MedicineShownView(
    head = head("medicine", shared = true),
    about = UUID(0, 7),
    route = MedicineRoute.Intramuscular,
    dose = "As we talked about in preparation.",
    by = "Dr. Vega",
    at = At,
    takenBackAt = null
)

private fun commitment(text: String, became: CommitmentBecame?, shared: Boolean) = CommitmentView(
    head = head(text, shared),
    text = text,
    about = null,
    reviewOn = CalendarDay(2026, 6u, 4u),
    became = became,
    becameWords = if (became == null) "" else "Twice, and once with Jonas.",
    visibility = if (shared) WhoReads.TALK_IN_SESSION else WhoReads.ONLY_ME,
    at = At
)

private val Walk = commitment("Walk to the river before work.", null, shared = false)
private val Call = commitment("Call my sister.", CommitmentBecame.Partly, shared = true)

private fun one(commitment: CommitmentView) = Loaded.Here(
    OneAgreed(
        commitment,
        Sharing.OFFERED,
        RemainsView(
            HowFar.OPENED,
            commitment.head.isShared,
            "your clinic may keep a sealed copy: somebody opened it",
            "it is private again; your clinic may keep a sealed copy",
            "it is deleted on your devices; your clinic may keep a sealed copy"
        )
    )
)

private fun line(text: String, shared: Boolean) = NextSessionLineView(
    head = head(text, shared),
    text = text,
    visibility = if (shared) WhoReads.CARE_TEAM else WhoReads.ONLY_ME,
    at = At
)

private val Marked = GlanceLine(
    id = UUID(0, 9),
    kind = "entry",
    words = "The boat came back, smaller this time",
    `when` = At,
    cameLate = null,
    why = GlanceWhy.WantsToTalk,
    doubts = GlanceDoubts(inTwoWordings = false, clockAhead = false)
)

private val ForNext = NextSession(
    listOf(Marked),
    listOf(line("Ask about the rope.", shared = false)),
    listOf(line("Sleep was better.", shared = true)),
    Sharing.OFFERED
)

@Composable
private fun SessionsWith(loaded: Loaded<Sessions>) = SessionsScreen(loaded, Somewhere, onOpen = {})

@Composable
private fun Prepare(loaded: Loaded<Preparing>, draft: PrepareDraft = PrepareDraft(), saving: Saving = Saving.Not) =
    PrepareScreen(loaded, draft, saving, Somewhere, PrepareActs())

@Composable
private fun AgreedWith(loaded: Loaded<Agreed>, draft: AgreedDraft = AgreedDraft(), saving: Saving = Saving.Not) =
    AgreedScreen(loaded, draft, saving, Somewhere, onType = {}, onAdd = {}, onOpen = {})

@Composable
private fun Commitment(commitment: CommitmentView, draft: BecameDraft = BecameDraft(), saving: Saving = Saving.Not) =
    CommitmentScreen(one(commitment), draft, saving, Somewhere, onType = {}, onSave = {}, SharingActs())

@Composable
private fun Next(loaded: Loaded<NextSession>, draft: LineDraft = LineDraft(), saving: Saving = Saving.Not) =
    NextSessionScreen(loaded, draft, saving, Somewhere, NextSessionActs())

@Composable
private fun Replies(loaded: Loaded<ReplyPage>) = RepliesScreen(loaded, Somewhere, onOpen = {}, onMore = {})

/** Sessions, what is settled before them, what was agreed on, and replies. */
internal val SessionScreens: Map<String, @Composable () -> Unit> = mapOf(
    "sessions-loading" to { SessionsWith(Loaded.NotYet) },
    "sessions-empty" to { SessionsWith(Loaded.Here(Sessions(emptyList(), emptyList(), emptyList(), null))) },
    "sessions" to {
        val missing = "structure and costs are not acknowledged yet"
        SessionsWith(Loaded.Here(Sessions(Lines, listOf(Lines[0]), listOf(AVisit), missing)))
    },
    "sessions-problem" to { SessionsWith(Loaded.Problem(Damaged)) },
    "session" to {
        val page =
            SessionPage(Lines[0], true, listOf(intention("To listen.", shared = true)), listOf(Medicine), Entries)
        SessionScreen(Loaded.Here(page), Somewhere, onGo = {})
    },
    "session-called-off" to {
        val page = SessionPage(Lines[1], false, emptyList(), emptyList(), emptyList())
        SessionScreen(Loaded.Here(page), Somewhere, onGo = {})
    },
    "prepare-new" to { Prepare(Loaded.Here(preparing(null))) },
    "prepare" to {
        val draft = PrepareDraft("Ines", "555 0101", "To stay near", WhoReads.CARE_TEAM, "A new tablet in the evening")
        Prepare(Loaded.Here(preparing(Said)), draft)
    },
    "prepare-full" to { Prepare(Loaded.Here(preparing(Said)), saving = Saving.Failed(Full)) },
    "agreed-empty" to { AgreedWith(Loaded.Here(Agreed(emptyList(), emptyList(), Sharing.NOBODY_YET))) },
    "agreed" to {
        val draft = AgreedDraft("Write one line each evening", days = 7)
        AgreedWith(Loaded.Here(Agreed(listOf(Walk), listOf(Call), Sharing.OFFERED)), draft)
    },
    "agreed-problem" to { AgreedWith(Loaded.Problem(Damaged)) },
    "commitment" to { Commitment(Walk, BecameDraft(CommitmentBecame.Not)) },
    "commitment-shared" to { Commitment(Call, saving = Saving.Failed(Full)) },
    "next-empty" to {
        Next(Loaded.Here(NextSession(emptyList(), emptyList(), emptyList(), Sharing.QUIET_HOURS)))
    },
    "next" to { Next(Loaded.Here(ForNext), LineDraft("The dream about the stairs")) },
    "next-problem" to { Next(Loaded.Here(ForNext), saving = Saving.Failed(Full)) },
    "replies-empty" to { Replies(Loaded.Here(ReplyPage(emptyList(), null))) },
    "replies" to { Replies(Loaded.Here(ReplyPage(listOf(reply()), "more"))) },
    "reply" to { ReplyScreen(Loaded.Here(Answered(reply(), Entries[0], null)), Somewhere, onEntry = {}) },
    "reply-gone" to { ReplyScreen(Loaded.Here(Answered(reply(), null, null)), Somewhere, onEntry = {}) }
)
