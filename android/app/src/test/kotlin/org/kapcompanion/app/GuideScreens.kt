package org.kapcompanion.app

import androidx.compose.runtime.Composable
import org.kapcompanion.app.guides.Aloud
import org.kapcompanion.app.guides.GuideActs
import org.kapcompanion.app.guides.GuideScreen
import org.kapcompanion.app.guides.Guides
import org.kapcompanion.app.guides.GuidesScreen
import org.kapcompanion.app.guides.Listening
import org.kapcompanion.app.guides.OpenGuide
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.core.CalendarDay
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.GuideBlock
import org.kapcompanion.core.GuideDesk
import org.kapcompanion.core.GuideDue
import org.kapcompanion.core.GuideEmphasis
import org.kapcompanion.core.GuideGrounds
import org.kapcompanion.core.GuidePoint
import org.kapcompanion.core.GuideSlotView
import org.kapcompanion.core.GuideSource
import org.kapcompanion.core.GuideSpan
import org.kapcompanion.core.GuideStage
import org.kapcompanion.core.GuideTask
import org.kapcompanion.core.GuideView
import org.kapcompanion.core.GuideWhen
import org.kapcompanion.core.HeadingLevel
import org.kapcompanion.core.ProgrammePhase
import org.kapcompanion.core.bundledHelp

private fun said(text: String, emphasis: GuideEmphasis = GuideEmphasis.PLAIN, link: String? = null) =
    listOf(GuideSpan(text, emphasis, link))

private val Spravato = GuideSource("spravato", "Spravato, prescribing information", "https://www.spravatohcp.com")
private val Ours = GuideSource("app", "How this app is made", null)
private val Facts = GuideGrounds.Sources(listOf(Spravato, Ours))

private val Blocks = listOf(
    GuideBlock.Paragraph(said("A calm day begins a few days before. Do one thing at a time."), GuideGrounds.NoClaim),
    GuideBlock.Heading(HeadingLevel.SECTION, said("Your way home")),
    GuideBlock.Paragraph(said("You will not drive yourself home. Someone has to take you."), Facts),
    GuideBlock.Tasks(
        listOf(
            GuideTask("ride", said("Ask someone to take you home."), GuideGrounds.NoClaim),
            GuideTask("ride-told", said("Tell your clinic who it is."), GuideGrounds.NoClaim)
        )
    ),
    GuideBlock.Slot("getting-home"),
    GuideBlock.Heading(HeadingLevel.PART, said("Questions to ask")),
    GuideBlock.Points(
        listOf(
            GuidePoint(0u, null, said("Who will be in the room?"), GuideGrounds.NoClaim),
            GuidePoint(1u, null, said("What may they do if I get scared?"), GuideGrounds.NoClaim),
            GuidePoint(0u, 1u, said("What happens if I want to stop?", GuideEmphasis.STRONG), Facts)
        )
    ),
    GuideBlock.Paragraph(
        said("Read more here", GuideEmphasis.LIGHT, "https://harbor-street.example/rides"),
        GuideGrounds.Clinic
    ),
    GuideBlock.CrisisHelp
)

private val Slots = listOf(
    GuideSlotView(
        "getting-home",
        "Your clinic's rule on getting home",
        listOf(GuideBlock.Paragraph(said("An adult whom you know rides with you."), GuideGrounds.Clinic)),
        "Written by Harbor Street Clinic on 3 Nov 2026, version 2"
    )
)

private fun guide(name: String, title: String, at: GuideWhen, isDone: Boolean = false, isKept: Boolean = true) =
    GuideView(
        guide = name,
        title = title,
        stage = GuideStage.PREPARATION,
        stageWords = "Preparation",
        language = "en",
        edition = "b1",
        `when` = at,
        due = GuideDue.Never,
        session = null,
        progressIsKept = isKept,
        opened = if (isDone) listOf("b1") else emptyList(),
        ticked = listOf("ride"),
        finished = if (isDone) listOf("b1") else emptyList(),
        notices = listOf("Version 1"),
        minutesToRead = 4u,
        minutesToListen = 6u,
        blocks = Blocks,
        slots = Slots
    )

private val GettingReady = guide("getting-ready", "Getting ready", GuideWhen.Now)
private val Desk = GuideDesk(
    now = listOf(GettingReady),
    next = listOf(
        guide("session-day", "The day of a session", GuideWhen.FromDay(CalendarDay(2026, 12u, 4u))),
        guide("weeks-after", "The weeks after", GuideWhen.InPhase(ProgrammePhase.INTEGRATION))
    ),
    shelf = listOf(guide("four-phases", "The four phases", GuideWhen.AnyTime, isDone = true))
)

private val Nothing = GuideActs(
    onTick = { _, _ -> },
    onFinish = {},
    onListen = { _, _ -> },
    onQuiet = {},
    onReach = { _, _ -> }
)

@Composable
private fun Guide(
    guide: GuideView,
    hearer: String?,
    aloud: Aloud = Aloud.NoVoice,
    problem: CompanionException? = null
) = GuideScreen(
    Loaded.Here(OpenGuide(guide, hearer, bundledHelp().flatMap { it.lines })),
    Listening(aloud, part = 3),
    problem,
    null,
    Somewhere,
    Nothing
)

@Composable
private fun GuideStanding(loaded: Loaded<OpenGuide?>) =
    GuideScreen(loaded, Listening(Aloud.NoVoice, 0), null, null, Somewhere, Nothing)

/** The guides, and one of them. */
internal val GuideScreens: Map<String, @Composable () -> Unit> = mapOf(
    "guides" to { GuidesScreen(Loaded.Here(Guides(Desk, CLINIC)), Somewhere) {} },
    "guides-empty" to {
        GuidesScreen(Loaded.Here(Guides(GuideDesk(emptyList(), emptyList(), emptyList()), null)), Somewhere) {}
    },
    "guides-loading" to { GuidesScreen(Loaded.NotYet, Somewhere) {} },
    "guides-problem" to {
        GuidesScreen(Loaded.Problem(CompanionException.Damaged("the record is damaged")), Somewhere) {}
    },
    "guide" to { Guide(GettingReady, CLINIC, Aloud.Quiet) },
    "guide-read-aloud" to { Guide(Desk.shelf[0], CLINIC, Aloud.Reading(3)) },
    "guide-alone" to { Guide(GettingReady, null) },
    "guide-unseen" to {
        Guide(guide("misuse-and-bladder", "Misuse, and your bladder", GuideWhen.AnyTime, isKept = false), CLINIC)
    },
    "guide-not-ticked" to { Guide(GettingReady, CLINIC, problem = CompanionException.DiskFull("the disk is full")) },
    "guide-gone" to { GuideStanding(Loaded.Here(null)) },
    "guide-loading" to { GuideStanding(Loaded.NotYet) }
)
