package org.kapcompanion.app

import androidx.compose.runtime.Composable
import java.util.UUID
import org.kapcompanion.app.program.Assessment
import org.kapcompanion.app.program.AssessmentScreen
import org.kapcompanion.app.program.Costs
import org.kapcompanion.app.program.CostsActs
import org.kapcompanion.app.program.CostsScreen
import org.kapcompanion.app.program.Kept
import org.kapcompanion.app.program.Medicines
import org.kapcompanion.app.program.MedicinesActs
import org.kapcompanion.app.program.MedicinesScreen
import org.kapcompanion.app.program.NewMedicine
import org.kapcompanion.app.program.Topic
import org.kapcompanion.app.program.TopicActs
import org.kapcompanion.app.program.TopicScreen
import org.kapcompanion.app.program.Written
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.core.AcknowledgedView
import org.kapcompanion.core.AmountView
import org.kapcompanion.core.AssessmentOutcome
import org.kapcompanion.core.AssessmentOutcomeView
import org.kapcompanion.core.AssessmentTextView
import org.kapcompanion.core.AssessmentTopic
import org.kapcompanion.core.CalendarDay
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.CostLineView
import org.kapcompanion.core.CostSheetView
import org.kapcompanion.core.CostsNowView
import org.kapcompanion.core.Delivery
import org.kapcompanion.core.HowFar
import org.kapcompanion.core.IsAppropriate
import org.kapcompanion.core.MedicineListView
import org.kapcompanion.core.MedicineSort
import org.kapcompanion.core.MedicineView
import org.kapcompanion.core.MedicinesGoneThroughView
import org.kapcompanion.core.MedicinesNowView
import org.kapcompanion.core.MissingFirst
import org.kapcompanion.core.OnNowView
import org.kapcompanion.core.OrientationView
import org.kapcompanion.core.PaidBy
import org.kapcompanion.core.ProgrammeNowView
import org.kapcompanion.core.ProgrammePhase
import org.kapcompanion.core.ProgrammeStanding
import org.kapcompanion.core.RemainsView
import org.kapcompanion.core.RightTime
import org.kapcompanion.core.WalkedThroughView
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.assessmentHeadings

private val Shared = entry("shared", Delivery.Delivered(CLINIC, At), shared = true).head
private val Private = entry("private", Delivery.OnlyYours, shared = false).head

private fun text(words: String, isShared: Boolean) = AssessmentTextView(
    head = if (isShared) Shared else Private,
    section = AssessmentTopic.HOPES,
    text = words,
    visibility = if (isShared) WhoReads.CARE_TEAM else WhoReads.ONLY_ME,
    at = At
)

private fun topics() = assessmentHeadings().map { heading ->
    Topic(heading, if (heading.topic == AssessmentTopic.HOPES) listOf(text(LONG, isShared = true)) else emptyList())
}

private val Program = ProgrammeNowView(
    medicine = "ketamine",
    phase = ProgrammePhase.ASSESSMENT,
    standing = ProgrammeStanding.RUNNING,
    reason = "",
    team = emptyList(),
    sessionsHeld = 0u,
    sessionsAhead = 0u,
    sessionsPlanned = null,
    nextSessionAt = null,
    onNow = OnNowView(preparation = false, dosingReminders = false, integration = false, lookingBack = false),
    closingSummary = null
)

private val NotYet = AssessmentOutcomeView(
    head = Shared,
    appropriate = IsAppropriate.YES,
    timing = RightTime.LATER,
    explanation = "The move and the new job are a lot at once. Let us look at it again in spring.",
    orientation = listOf(OrientationView(UUID(0, 1), "A group for sleep", "Tuesdays, 555 0111")),
    revisitOn = CalendarDay(2027, 3u, 1u),
    by = "Maya Lindqvist",
    at = At,
    outcome = AssessmentOutcome.NOT_YET
)

@Composable
private fun TopicWith(
    written: Loaded<Written>,
    draft: String? = null,
    readers: WhoReads? = null,
    saving: Saving = Saving.Not
) = TopicScreen(written, draft, readers, saving, Somewhere, TopicActs({}, {}, {}, {}, {}))

private val Remains = RemainsView(HowFar.CLINIC, true, null, "Taken back.", "Its words go from this phone at once.")

private fun written(isShared: Boolean) = Written(
    "What I hope to work on",
    text(LONG, isShared),
    others = listOf(text("Sleeping through a night.", isShared = false)),
    Sharing.OFFERED,
    Remains
)

private fun line(label: String, payer: PaidBy, amount: AmountView?) = CostLineView(
    item = UUID.nameUUIDFromBytes(label.toByteArray()),
    label = label,
    provider = "Dr. Vega",
    payer = payer,
    isMedicine = payer == PaidBy.CASH,
    hsaFsa = payer == PaidBy.CASH,
    amount = amount
)

private val CostsNow = CostsNowView(
    sheet = CostSheetView(
        head = Shared,
        version = 2u,
        lines = listOf(
            line("Ketamine and the session", PaidBy.CASH, AmountView(45_000u, "USD", 2u, "450.00 USD")),
            line("Assessment", PaidBy.EITHER, null)
        ),
        at = At
    ),
    planned = 3u,
    walkedThrough = WalkedThroughView("Maya Lindqvist", At),
    acknowledged = null,
    acknowledgedAnother = true,
    waitsForYou = true,
    summary = ""
)

@Composable
private fun CostsWith(costs: Loaded<Costs>, saving: Saving = Saving.Not, kept: Kept = Kept.NOT) =
    CostsScreen(costs, "Ada L.", saving, kept, Somewhere, CostsActs({}, {}, {}))

private val MedicinesNow = MedicinesNowView(
    list = MedicineListView(
        head = Shared,
        items = listOf(
            MedicineView(UUID(0, 1), "Sertraline 50 mg, mornings", "mood", MedicineSort.MEDICINE, null),
            MedicineView(UUID(0, 2), "Magnesium", "", MedicineSort.SUPPLEMENT, At)
        ),
        at = At
    ),
    reviewed = null,
    reviewedBefore = MedicinesGoneThroughView("Maya Lindqvist", At)
)

@Composable
private fun MedicinesWith(medicines: Loaded<Medicines>, saving: Saving = Saving.Not) = MedicinesScreen(
    medicines,
    NewMedicine("Melatonin", "sleep", isSupplement = true),
    saving,
    Somewhere,
    MedicinesActs({}, {}, { _, _, _ -> })
)

private val Full = Saving.Failed(CompanionException.DiskFull("the disk is full"))
private val Damaged = Loaded.Problem(CompanionException.Damaged("the record is damaged"))

/** The assessment, structure and costs, and the list of medicines. */
internal val ProgramScreens: Map<String, @Composable () -> Unit> = mapOf(
    "assessment" to {
        val missing = MissingFirst("not_yet", "", null)
        AssessmentScreen(Loaded.Here(Assessment(Program, NotYet, missing, topics())), Somewhere) {}
    },
    "assessment-none" to { AssessmentScreen(Loaded.Here(Assessment(null, null, null, topics())), Somewhere) {} },
    "assessment-loading" to { AssessmentScreen(Loaded.NotYet, Somewhere) {} },
    "assessment-problem" to { AssessmentScreen(Damaged, Somewhere) {} },
    "topic" to { TopicWith(Loaded.Here(written(isShared = false)), readers = WhoReads.CARE_TEAM, saving = Full) },
    "topic-shared" to { TopicWith(Loaded.Here(written(isShared = true)), draft = "Half a thought") },
    "topic-new" to {
        TopicWith(Loaded.Here(Written("What I hope to work on", null, emptyList(), Sharing.NOBODY_YET, null)))
    },
    "topic-loading" to { TopicWith(Loaded.NotYet) },
    "costs" to { CostsWith(Loaded.Here(Costs(CostsNow, isNewer = false)), kept = Kept.KEPT) },
    "costs-acknowledged" to {
        val acknowledged = CostsNow.copy(acknowledged = AcknowledgedView("Ada L.", At), waitsForYou = false)
        CostsWith(Loaded.Here(Costs(acknowledged, isNewer = false)), kept = Kept.FAILED)
    },
    "costs-none" to { CostsWith(Loaded.Here(Costs(null, isNewer = false))) },
    "costs-newer" to { CostsWith(Loaded.Here(Costs(null, isNewer = true))) },
    "costs-loading" to { CostsWith(Loaded.NotYet) },
    "medicines" to { MedicinesWith(Loaded.Here(Medicines(listOf(MedicinesNow), hasClinic = true))) },
    "medicines-empty" to { MedicinesWith(Loaded.Here(Medicines(emptyList(), hasClinic = true)), Full) },
    "medicines-alone" to { MedicinesWith(Loaded.Here(Medicines(emptyList(), hasClinic = false))) },
    "medicines-loading" to { MedicinesWith(Loaded.NotYet) }
)
