package org.kapcompanion.app

import androidx.compose.runtime.Composable
import java.time.Duration
import java.util.UUID
import org.kapcompanion.app.team.Deciding
import org.kapcompanion.app.team.Draft
import org.kapcompanion.app.team.GiveReleaseScreen
import org.kapcompanion.app.team.LooksScreen
import org.kapcompanion.app.team.ReleaseScreen
import org.kapcompanion.app.team.Releases
import org.kapcompanion.app.team.ReleasesScreen
import org.kapcompanion.app.team.RequestScreen
import org.kapcompanion.app.team.Team
import org.kapcompanion.app.team.TeamScreen
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.core.AfterProgramme
import org.kapcompanion.core.CalendarDay
import org.kapcompanion.core.CareTeamView
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.Delivery
import org.kapcompanion.core.EmergencyAccessView
import org.kapcompanion.core.LookView
import org.kapcompanion.core.LooksView
import org.kapcompanion.core.OutsideProviderView
import org.kapcompanion.core.RecordPart
import org.kapcompanion.core.ReleaseNowView
import org.kapcompanion.core.ReleaseStanding
import org.kapcompanion.core.ReleaseTermsView
import org.kapcompanion.core.RequestNowView
import org.kapcompanion.core.RequestOutcome
import org.kapcompanion.core.TeamPersonView
import org.kapcompanion.core.ToldDocumentView
import org.kapcompanion.core.ToldView

private val Later = At.copy(instant = At.instant.plus(Duration.ofDays(90)))

private val Terms = ReleaseTermsView(
    provider = "Dr. Ortiz",
    what = "psychiatrist",
    contact = "555 0123",
    sections = listOf(RecordPart.MEASURES, RecordPart.MEDICINES),
    purpose = "so that my prescriptions fit together",
    until = Later,
    atProgrammeEnd = AfterProgramme.ENDS
)

private fun release(standing: ReleaseStanding) = ReleaseNowView(
    id = UUID(0, 7),
    revision = "1",
    terms = Terms,
    standing = standing,
    sections = Terms.sections,
    until = Later,
    given = At,
    request = null,
    twoWordings = emptyList(),
    delivery = Delivery.Delivered(CLINIC, At)
)

private val Request = RequestNowView(UUID(0, 8), "1", Terms, "Maya Lindqvist", At, RequestOutcome.Open)

private val Given = Releases(
    listOf(Request),
    listOf(release(ReleaseStanding.Live), release(ReleaseStanding.TakenBack(At))),
    listOf(
        ToldView(
            UUID(0, 7),
            "Dr. Ortiz",
            listOf(RecordPart.MEASURES),
            listOf(ToldDocumentView(UUID(0, 9), "1")),
            "Maya Lindqvist",
            At
        )
    ),
    longestDays = 365
)

private val WhoCanRead = listOf(
    "What is only yours stays on your own devices, sealed: neither the clinic nor the sync server can read it.",
    "What you shared can be read by the clinic's own system as a whole, and by whoever runs it."
)

private val People = CareTeamView(
    CLINIC,
    people = listOf(
        TeamPersonView("Maya Lindqvist", "Therapist", "therapist", RecordPart.entries, At, isListed = true),
        TeamPersonView("Dr. Vega", "Physician", null, listOf(RecordPart.MEDICINES), null, isListed = true),
        TeamPersonView("Sam", "Front desk", null, null, null, isListed = false)
    ),
    outside = listOf(
        OutsideProviderView("Dr. Ortiz", "psychiatrist", "555 0123", listOf(release(ReleaseStanding.Live)))
    ),
    whoCanRead = WhoCanRead
)

private val Looks = listOf(
    LooksView(
        "Maya Lindqvist",
        "Therapist",
        CalendarDay(2026, 5u, 28u),
        first = listOf(LookView(RecordPart.JOURNAL, At), LookView(RecordPart.CHECK_INS, At)),
        last = listOf(
            LookView(RecordPart.JOURNAL, At.copy(instant = At.instant.plusSeconds(3600))),
            LookView(RecordPart.CHECK_INS, At)
        ),
        emergencies = emptyList()
    ),
    LooksView(
        "Dr. Vega",
        "Physician",
        CalendarDay(2026, 5u, 27u),
        first = emptyList(),
        last = emptyList(),
        emergencies = listOf(
            EmergencyAccessView(At, Later, ended = null, looks = listOf(LookView(RecordPart.SAFETY, At)))
        )
    )
)

@Composable
private fun Release(standing: ReleaseStanding, deciding: Deciding = Deciding()) =
    ReleaseScreen(Loaded.Here(release(standing)), deciding, Somewhere, { _, _ -> }, {}, {}, {}, {})

/** The care team, who looked, and what somebody outside may be told. */
val TeamScreens: Map<String, @Composable () -> Unit> = mapOf(
    "team" to { TeamScreen(Loaded.Here(Team(People, openRequests = 1)), Somewhere) {} },
    "team-alone" to {
        val nobody = CareTeamView(null, emptyList(), emptyList(), WhoCanRead)
        TeamScreen(Loaded.Here(Team(nobody, openRequests = 0)), Somewhere) {}
    },
    "team-loading" to { TeamScreen(Loaded.NotYet, Somewhere) {} },
    "team-problem" to { TeamScreen(Loaded.Problem(CompanionException.Damaged("the record is damaged")), Somewhere) {} },
    "looks" to { LooksScreen(Loaded.Here(Looks), Somewhere) },
    "looks-empty" to { LooksScreen(Loaded.Here(emptyList()), Somewhere) },
    "releases" to { ReleasesScreen(Loaded.Here(Given), Somewhere) {} },
    "releases-empty" to {
        ReleasesScreen(Loaded.Here(Releases(emptyList(), emptyList(), emptyList(), 365)), Somewhere) {}
    },
    "release" to { Release(ReleaseStanding.Live, Deciding(without = listOf(RecordPart.MEDICINES))) },
    "release-asked" to { Release(ReleaseStanding.Live, Deciding("I changed doctors", isAsked = true)) },
    "release-over" to { Release(ReleaseStanding.Expired(Later)) },
    "request" to { RequestScreen(Loaded.Here(Request), Deciding(), Somewhere, { _, _ -> }, {}, {}, {}) },
    "release-give" to { GiveReleaseScreen(Draft(), 90, Saving.Not, Somewhere, {}, {}) },
    "release-give-problem" to {
        val why = CompanionException.NotPaired()
        val draft = Draft("Dr. Ortiz", "psychiatrist", "", "prescriptions", listOf(RecordPart.MEASURES))
        GiveReleaseScreen(draft, 365, Saving.Failed(why), Somewhere, {}, {})
    }
)
