package org.kapcompanion.app.program

import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import org.kapcompanion.app.R
import org.kapcompanion.core.AssessmentOutcome
import org.kapcompanion.core.ProgrammePhase

/** What a phase is called. */
@Composable
fun phaseWord(phase: ProgrammePhase): String = stringResource(
    when (phase) {
        ProgrammePhase.ASSESSMENT -> R.string.phase_assessment
        ProgrammePhase.PREPARATION -> R.string.phase_preparation
        ProgrammePhase.SESSION -> R.string.phase_session
        ProgrammePhase.INTEGRATION -> R.string.phase_integration
        ProgrammePhase.CLOSED -> R.string.phase_closed
    }
)

/** What an assessment came to. */
@Composable
fun outcomeWord(outcome: AssessmentOutcome): String = stringResource(
    when (outcome) {
        AssessmentOutcome.READY -> R.string.outcome_ready
        AssessmentOutcome.NOT_YET -> R.string.outcome_not_yet
        AssessmentOutcome.NOT_A_FIT -> R.string.outcome_not_a_fit
    }
)

/** What is missing before a session may take place, said to the person; nothing for a word of a newer version. */
@Composable
fun missingWord(code: String): String? = when (code) {
    "no_outcome" -> R.string.missing_outcome
    "not_yet", "not_a_fit" -> R.string.missing_ready
    "no_cost_sheet" -> R.string.missing_costs
    "not_walked_through" -> R.string.missing_walk
    "not_acknowledged" -> R.string.missing_acknowledged
    "changed_since" -> R.string.missing_again
    "unreadable_outcome", "unreadable_costs" -> R.string.missing_update
    else -> null
}?.let { stringResource(it) }
