package org.kapcompanion.app

import androidx.compose.runtime.Composable
import java.util.UUID
import org.kapcompanion.app.checkin.CheckInScreen
import org.kapcompanion.app.help.Help
import org.kapcompanion.app.help.HelpScreen
import org.kapcompanion.app.journal.EntryScreen
import org.kapcompanion.app.journal.JournalScreen
import org.kapcompanion.app.journal.Offered
import org.kapcompanion.app.journal.WriteScreen
import org.kapcompanion.app.journal.Writing
import org.kapcompanion.app.record.Reached
import org.kapcompanion.app.today.Card
import org.kapcompanion.app.today.Today
import org.kapcompanion.app.today.TodayActs
import org.kapcompanion.app.today.TodayScreen
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.ProgramScreen
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.app.ui.ShutScreen
import org.kapcompanion.app.ui.Tab
import org.kapcompanion.app.ui.Tabs
import org.kapcompanion.app.ui.YouScreen
import org.kapcompanion.app.welcome.LinkScreen
import org.kapcompanion.app.welcome.PairedScreen
import org.kapcompanion.app.welcome.Trying
import org.kapcompanion.app.welcome.WaitingScreen
import org.kapcompanion.app.welcome.WelcomeScreen
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.CompareWith
import org.kapcompanion.core.EntryPage
import org.kapcompanion.core.HelpPersonView
import org.kapcompanion.core.PairingStanding
import org.kapcompanion.core.PromptBy
import org.kapcompanion.core.PromptView
import org.kapcompanion.core.PromptsView
import org.kapcompanion.core.ReplyView
import org.kapcompanion.core.SafetyLineView
import org.kapcompanion.core.SafetyStep
import org.kapcompanion.core.SafetyStepView
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.bundledHelp

private val Prompts = PromptsView(
    prompts = listOf(PromptView("1", 1u, 7u, "What do you notice in everyday life?", PromptBy.OURS)),
    nothing = null,
    session = null,
    daysAgo = 2u,
    language = "en",
    stopAnyTime = "You can stop at any time.",
    wayBack = "If it gets too much, put the phone down and look around you."
)

private val Plan = listOf(
    SafetyStepView(
        SafetyStep.WARNING_SIGNS,
        1u,
        "Warning signs",
        listOf(SafetyLineView(UUID(0, 1), "I stop answering messages", ""))
    )
)

private fun today(card: Card, reply: ReplyView? = null) =
    Loaded.Here(Today(card, offersCheckIn = card !is Card.CheckIn, reply, waiting = 2u, warnings = emptyList()))

@Composable
private fun TodayWith(loaded: Loaded<Today>, reached: Reached = Reached.Server) =
    TodayScreen(loaded, reached, First, TodayActs())

@Composable
private fun Journal(loaded: Loaded<EntryPage>) =
    JournalScreen(loaded, Somewhere, onWrite = {}, onOpen = {}, onMore = {})

@Composable
private fun Write(body: String, sharing: Sharing, saving: Saving = Saving.Not) = WriteScreen(
    Writing(body, WhoReads.CARE_TEAM, "1", Offered(Prompts, sharing), saving),
    Somewhere,
    onType = {},
    onLetRead = {},
    onAnswer = {},
    onSave = {}
)

@Composable
private fun Waiting(words: List<String>?, reached: Reached) = WaitingScreen(
    CLINIC,
    PairingStanding.Waiting(words, CompareWith.CLINIC),
    reached,
    Somewhere,
    onAskAgain = {},
    onMeanwhile = {}
)

/** The pages of beginning, today, writing and help. */
private val FirstScreens: Map<String, @Composable () -> Unit> = mapOf(
    "welcome" to { WelcomeScreen(First, onPair = {}, onAlone = {}, onRecover = {}, onImport = {}) },
    "link" to { LinkScreen("", Trying.Not, Somewhere, onType = {}, onPair = {}) },
    "link-bad" to {
        val why = CompanionException.BadLink("this is not a complete pairing link: something of it is missing")
        LinkScreen("kap://pair/S0kB", Trying.Failed(why), Somewhere, onType = {}, onPair = {})
    },
    "waiting" to { Waiting(null, Offline) },
    "compare" to { Waiting(listOf("harvest", "lemon", "window"), Reached.Server) },
    "paired" to { PairedScreen(CLINIC, PairingStanding.Paired(At), First, onDone = {}) },
    "not-let-in" to { PairedScreen(CLINIC, PairingStanding.NotLetIn, First, onDone = {}) },
    "today-loading" to { TodayWith(Loaded.NotYet) },
    "today" to { TodayWith(today(Card.CheckIn, reply())) },
    "today-offline" to { TodayWith(today(Card.Waiting(CLINIC, hasWords = false)), Offline) },
    "today-problem" to { TodayWith(Loaded.Problem(CompanionException.Damaged("the record is damaged"))) },
    "check-in" to {
        CheckInScreen(6, "", WhoReads.ONLY_ME, Sharing.NOBODY_YET, Saving.Not, Somewhere, {}, {}, {}, {})
    },
    "journal-empty" to { Journal(Loaded.Here(EntryPage(emptyList(), null))) },
    "journal" to { Journal(Loaded.Here(EntryPage(Entries, "more"))) },
    "entry" to { EntryScreen(Loaded.Here(Entries[0]), Somewhere) },
    "write" to { Write(LONG, Sharing.OFFERED) },
    "write-full" to {
        Write("Half a thought", Sharing.QUIET_HOURS, Saving.Failed(CompanionException.DiskFull("the disk is full")))
    },
    "help" to {
        val people = listOf(HelpPersonView("Jonas, my brother", "555 0100"))
        HelpScreen(Help(bundledHelp().flatMap { it.lines }, people, Plan), null, onBack = {}, onReach = { _, _ -> })
    },
    "program" to { ProgramScreen(Around(onHelp = {}, onBack = null, Tabs(Tab.PROGRAM) {}), onGo = {}) },
    "you" to { YouScreen(Around(onHelp = {}, onBack = null, Tabs(Tab.YOU) {}), onGo = {}) },
    "shut" to { ShutScreen("the key is locked", Somewhere, onTryAgain = {}, onReport = {}) }
)

/** Every page in every state that it has, by name. Each part of the app brings its own. */
val Screens: Map<String, @Composable () -> Unit> =
    FirstScreens + SessionScreens + DosingScreens + RemindersScreens +
        GuideScreens + MeasureScreens + ProgramScreens + SafetyScreens +
        SharingScreens + TeamScreens + DevicesScreens + LeavingScreens + SettingsScreens + PlatformScreens
