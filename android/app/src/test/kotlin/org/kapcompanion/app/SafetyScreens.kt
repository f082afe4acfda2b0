package org.kapcompanion.app

import androidx.compose.runtime.Composable
import java.util.UUID
import org.kapcompanion.app.help.Readership
import org.kapcompanion.app.safety.LineActs
import org.kapcompanion.app.safety.LineScreen
import org.kapcompanion.app.safety.PlacedLine
import org.kapcompanion.app.safety.Safety
import org.kapcompanion.app.safety.SafetyActs
import org.kapcompanion.app.safety.SafetyScreen
import org.kapcompanion.app.safety.Typed
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.Delivery
import org.kapcompanion.core.HelpChoiceView
import org.kapcompanion.core.ReachedBy
import org.kapcompanion.core.SafetyLineView
import org.kapcompanion.core.SafetyPlanView
import org.kapcompanion.core.SafetyStep
import org.kapcompanion.core.SupportCardNowView
import org.kapcompanion.core.SupportLineView
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.WrittenBy
import org.kapcompanion.core.WrittenView
import org.kapcompanion.core.safetySteps

private val Signs = listOf(SafetyLineView(UUID(0, 1), "I stop answering messages", ""))
private val People = listOf(
    SafetyLineView(UUID(0, 2), "Jonas, my brother, who knows and does not ask much", "555 0100"),
    SafetyLineView(UUID(0, 3), "Ines next door", "")
)

private fun steps() = safetySteps().map { step ->
    when (step.step) {
        SafetyStep.WARNING_SIGNS -> step.copy(lines = Signs)
        SafetyStep.PEOPLE_TO_ASK -> step.copy(lines = People)
        else -> step
    }
}

private fun plan(isShared: Boolean) = SafetyPlanView(
    head = entry("a plan", if (isShared) Delivery.Opened("Maya Lindqvist", At) else Delivery.OnlyYours, isShared).head,
    visibility = if (isShared) WhoReads.CARE_TEAM else WhoReads.ONLY_ME,
    at = At,
    steps = steps()
)

private val Card = SupportCardNowView(
    region = "US",
    lines = listOf(SupportLineView(UUID(0, 4), "The county's mobile team", "555 0122", ReachedBy.Call)),
    clinicNumber = "555 0199",
    version = 1u,
    by = "Maya Lindqvist",
    at = At
)

private fun shared() = Safety(
    plan(isShared = true),
    onlyHere = setOf(UUID(0, 3)),
    lastWritten = WrittenView(WrittenBy.CLINIC, "Maya Lindqvist", isFirst = false, at = At),
    HelpChoiceView(people = true, clinicName = false),
    Card,
    Sharing.OFFERED,
    ReadOnMondays
)

private fun private() = Safety(
    plan(isShared = false),
    emptySet(),
    null,
    HelpChoiceView(people = false, clinicName = false),
    null,
    Sharing.OFFERED,
    Readership.NotSaid
)

@Composable
private fun PlanWith(safety: Loaded<Safety>, saving: Saving = Saving.Not) =
    SafetyScreen(safety, saving, null, Somewhere, SafetyActs({ _, _ -> }, {}, {}, {}, { _, _ -> }))

@Composable
private fun LineWith(placed: Loaded<PlacedLine>, isNew: Boolean, typed: Typed, saving: Saving = Saving.Not) =
    LineScreen(placed, isNew, typed, saving, Somewhere, LineActs({}, {}, {}, {}, {}))

private fun placed(line: SafetyLineView?, isShared: Boolean) =
    Loaded.Here(PlacedLine(steps().first { it.step == SafetyStep.PEOPLE_TO_ASK }, line, isShared))

private val Untouched = Typed(null, null)

/** The safety plan, and a line of it. */
internal val SafetyScreens: Map<String, @Composable () -> Unit> = mapOf(
    "safety" to { PlanWith(Loaded.Here(private())) },
    "safety-shared" to { PlanWith(Loaded.Here(shared())) },
    "safety-empty" to {
        PlanWith(Loaded.Here(private().copy(plan = null, steps = safetySteps(), sharing = Sharing.NOBODY_YET)))
    },
    "safety-loading" to { PlanWith(Loaded.NotYet) },
    "safety-problem" to {
        val why = CompanionException.NotWritable("the folder cannot be written")
        PlanWith(Loaded.Here(private()), Saving.Failed(why))
    },
    "line" to { LineWith(placed(People[0], isShared = true), isNew = false, Untouched) },
    "line-new" to { LineWith(placed(null, isShared = false), isNew = true, Typed("Ruth", "555 0133")) },
    "line-gone" to { LineWith(placed(null, isShared = false), isNew = false, Typed("Ruth", null)) },
    "line-full" to {
        val full = Saving.Failed(CompanionException.DiskFull("the disk is full"))
        LineWith(placed(People[1], isShared = false), isNew = false, Typed("Ines", null), full)
    }
)
