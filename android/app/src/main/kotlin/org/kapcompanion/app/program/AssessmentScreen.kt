package org.kapcompanion.app.program

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.OpenRow
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Rows
import org.kapcompanion.app.ui.readersOf
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.toldDate
import org.kapcompanion.core.AssessmentOutcomeView
import org.kapcompanion.core.AssessmentTopic
import org.kapcompanion.core.ProgrammeNowView
import org.kapcompanion.core.ProgrammePhase
import org.kapcompanion.core.ProgrammeStanding
import org.kapcompanion.core.toLocalDate

/** The assessment. */
@Composable
fun AssessmentRoute(around: Around, onGo: (String) -> Unit) {
    val model: AssessmentViewModel = viewModel(factory = AssessmentViewModel.Factory)
    val assessment by model.assessment.collectAsStateWithLifecycle()
    AssessmentScreen(assessment, around) { topic -> onGo(ProgramPlaces.topic(topic)) }
}

/** Where the program is, what the assessment came to, and what the person wrote for it. */
@Composable
fun AssessmentScreen(loaded: Loaded<Assessment>, around: Around, onOpen: (AssessmentTopic) -> Unit) {
    Page(stringResource(R.string.assessment_title), around) {
        LoadedPart(loaded) { Shown(it, onOpen) }
    }
}

@Composable
private fun Shown(assessment: Assessment, onOpen: (AssessmentTopic) -> Unit) {
    assessment.program?.let { Program(it) }
    Outcome(assessment)
    Heading(stringResource(R.string.assessment_topics))
    Text(stringResource(R.string.assessment_how))
    Rows(assessment.topics) { topic ->
        OpenRow(topic.heading.heading, listOf(standing(topic))) { onOpen(topic.heading.topic) }
    }
    Quiet(stringResource(R.string.program_as_of_last_exchange))
}

@Composable
private fun standing(topic: Topic): String {
    val newest = topic.texts.firstOrNull() ?: return stringResource(R.string.topic_nothing)
    val shared = topic.texts.find { it.head.isShared } ?: newest
    return stringResource(R.string.entry_readers, readersOf(shared.head, shared.visibility))
}

@Composable
private fun Program(program: ProgrammeNowView) {
    Panel {
        Heading(stringResource(R.string.assessment_program, program.medicine))
        Text(stands(program))
        if (program.reason.isNotBlank()) Quiet(program.reason)
        program.closingSummary?.let { Text(it) }
    }
}

@Composable
private fun stands(program: ProgrammeNowView): String = when {
    program.standing == ProgrammeStanding.ENDED || program.phase == ProgrammePhase.CLOSED ->
        stringResource(R.string.program_ended)

    program.standing == ProgrammeStanding.PAUSED ->
        stringResource(R.string.program_paused, phaseWord(program.phase))

    else -> stringResource(R.string.program_running, phaseWord(program.phase))
}

@Composable
private fun Outcome(assessment: Assessment) {
    val outcome = assessment.outcome
    Panel {
        Heading(stringResource(R.string.outcome_title))
        if (outcome == null) {
            Text(stringResource(R.string.outcome_none))
        } else {
            Said(outcome)
        }
        assessment.missing?.let { missingWord(it.code) }?.let { Quiet(it) }
    }
}

@Composable
private fun Said(outcome: AssessmentOutcomeView) {
    Text(outcomeWord(outcome.outcome), style = MaterialTheme.typography.titleLarge)
    if (outcome.explanation.isNotBlank()) Text(outcome.explanation)
    if (outcome.orientation.isNotEmpty()) {
        Text(stringResource(R.string.outcome_useful), style = MaterialTheme.typography.titleSmall)
        for (one in outcome.orientation) {
            Text(one.what)
            if (one.whereTo.isNotBlank()) Quiet(one.whereTo)
        }
    }
    outcome.revisitOn?.let { Text(stringResource(R.string.outcome_revisit, toldDate(it.toLocalDate()))) }
    Quiet(stringResource(R.string.outcome_by, outcome.by, told(outcome.at)))
}
