package org.kapcompanion.app.safety

import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.help.ReachFailed
import org.kapcompanion.app.help.rememberReach
import org.kapcompanion.app.program.ProgramPlaces
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.core.HelpChoiceView
import org.kapcompanion.core.ReachedBy
import org.kapcompanion.core.SafetyLineView
import org.kapcompanion.core.SafetyStep
import org.kapcompanion.core.SafetyStepView

/** The safety plan. */
@Composable
fun SafetyRoute(around: Around, onGo: (String) -> Unit) {
    val model: SafetyViewModel = viewModel(factory = SafetyViewModel.Factory)
    val safety by model.safety.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    val reach = rememberReach()
    SafetyScreen(
        safety,
        saving,
        reach.failed,
        around,
        SafetyActs(
            onLine = { step, item -> onGo(ProgramPlaces.line(step, item)) },
            onChoose = model::choose,
            onShare = model::share,
            onTakeBack = model::takeBack,
            onReach = reach.onReach
        )
    )
}

/** What can be done with the plan. */
class SafetyActs(
    val onLine: (SafetyStep, UUID?) -> Unit,
    val onChoose: (HelpChoiceView) -> Unit,
    val onShare: () -> Unit,
    val onTakeBack: () -> Unit,
    val onReach: (ReachedBy, String) -> Unit
)

/** The plan in the order in which it is tried, then who can read what of it. */
@Composable
fun SafetyScreen(loaded: Loaded<Safety>, saving: Saving, notReached: String?, around: Around, acts: SafetyActs) {
    Page(stringResource(R.string.safety_title), around) {
        WhyNot(saving)
        LoadedPart(loaded) { safety ->
            Text(stringResource(R.string.safety_how))
            ReachFailed(notReached)
            for (step in safety.steps) Step(step, safety.onlyHere, acts)
            if (safety.onlyHere.isNotEmpty()) Quiet(stringResource(R.string.safety_only_here_means))
            TwoWordings(safety)
            PlanSharing(safety, acts)
            Unlocked(safety, acts.onChoose)
            SupportCard(safety)
        }
    }
}

@Composable
private fun Step(step: SafetyStepView, onlyHere: Set<UUID>, acts: SafetyActs) {
    Panel {
        Heading(step.number?.let { stringResource(R.string.safety_step, it.toInt(), step.heading) } ?: step.heading)
        for (line in step.lines) Line(step.step, line, line.item in onlyHere, acts)
        OtherButton(stringResource(R.string.safety_add), { acts.onLine(step.step, null) })
    }
}

@Composable
private fun Line(step: SafetyStep, line: SafetyLineView, isOnlyHere: Boolean, acts: SafetyActs) {
    val change = stringResource(R.string.safety_change_line, line.text)
    Row(Modifier.fillMaxWidth(), verticalAlignment = Alignment.CenterVertically) {
        Text(line.text, Modifier.weight(1f), style = MaterialTheme.typography.bodyLarge)
        TextButton(
            { acts.onLine(step, line.item) },
            Modifier.heightIn(min = 48.dp).semantics { contentDescription = change }
        ) { Text(stringResource(R.string.safety_change)) }
    }
    if (isOnlyHere) Quiet(stringResource(R.string.safety_only_here))
    if (line.number.isNotBlank()) {
        val call = stringResource(R.string.help_call, line.number)
        OtherButton(call, { acts.onReach(ReachedBy.Call, line.number) })
    }
}

@Composable
private fun TwoWordings(safety: Safety) {
    for (apart in safety.plan?.head?.twoWordings.orEmpty()) {
        Notice(stringResource(R.string.entry_two_wordings))
        for (wording in apart.wordings) Panel { Text(wording) }
    }
}
