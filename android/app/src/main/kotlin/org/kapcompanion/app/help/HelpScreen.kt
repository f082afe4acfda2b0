package org.kapcompanion.app.help

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.core.ReachedBy

/** Help now. */
@Composable
fun HelpRoute(isLocked: Boolean, onBack: () -> Unit) {
    val model: HelpViewModel = viewModel(factory = HelpViewModel.Factory)
    val help by model.help.collectAsStateWithLifecycle()
    LaunchedEffect(Unit) { model.look() }
    val reach = rememberReach()
    // The rest of the plan is the person's own, also while somebody else holds the phone.
    val shown = if (isLocked) help.copy(plan = emptyList()) else help
    HelpScreen(shown, reach.failed, onBack, isLocked, reach.onReach)
}

/** Whom to call, large and first; then the person's own plan. */
@Composable
fun HelpScreen(
    help: Help,
    failed: String?,
    onBack: () -> Unit,
    isLocked: Boolean = false,
    onReach: (ReachedBy, String) -> Unit
) {
    Page(stringResource(R.string.help_title), Around(onHelp = null, onBack = onBack)) {
        Text(stringResource(R.string.help_how), style = MaterialTheme.typography.bodyLarge)
        ReachFailed(failed)
        HelpLines(help.lines, onReach)
        if (help.people.isNotEmpty()) {
            Panel {
                Heading(stringResource(R.string.help_people))
                for (person in help.people) Person(person.text, person.number, onReach)
            }
        }
        for (step in help.plan) {
            Panel {
                Heading(step.heading)
                for (line in step.lines) Person(line.text, line.number, onReach)
            }
        }
        if (help.plan.isEmpty()) {
            Quiet(stringResource(if (isLocked) R.string.lock_help_plan else R.string.help_no_plan))
        }
        Quiet(stringResource(R.string.help_nobody_told))
    }
}
