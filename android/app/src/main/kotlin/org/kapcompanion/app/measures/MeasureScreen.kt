package org.kapcompanion.app.measures

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.help.HelpLines
import org.kapcompanion.app.help.ReachFailed
import org.kapcompanion.app.help.rememberReach
import org.kapcompanion.app.help.whoSees
import org.kapcompanion.app.program.ProgramPlaces
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.BottomAction
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Loading
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.RadioRow
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.core.AnswerState
import org.kapcompanion.core.QuestionPart
import org.kapcompanion.core.QuestionView
import org.kapcompanion.core.ReachedBy
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.words

/** One questionnaire: a question, all answers before they are finished, or what was answered. */
@Composable
fun MeasureRoute(response: UUID, around: Around, onGo: (String) -> Unit) {
    val model: MeasureViewModel = viewModel(key = "measure/$response", factory = MeasureViewModel.factory(response))
    val answering by model.answering.collectAsStateWithLifecycle()
    val readers by model.readers.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    val reach = rememberReach()
    MeasureScreen(
        answering,
        readers,
        saving,
        reach.failed,
        around,
        MeasureActs(
            onAnswer = model::answer,
            onSkip = model::skip,
            onNext = model::next,
            onBefore = model::before,
            onAsk = model::ask,
            onLetRead = model::letRead,
            onFinish = model::finish,
            onShare = model::share,
            onTakeBack = model::takeBack,
            onDelete = model::delete,
            onReach = reach.onReach,
            onSafetyPlan = { onGo(ProgramPlaces.SAFETY) }
        )
    )
}

/** What can be done with a questionnaire. */
class MeasureActs(
    val onAnswer: (UByte) -> Unit,
    val onSkip: () -> Unit,
    val onNext: () -> Unit,
    val onBefore: () -> Unit,
    val onAsk: (UByte) -> Unit,
    val onLetRead: (WhoReads) -> Unit,
    val onFinish: () -> Unit,
    val onShare: () -> Unit,
    val onTakeBack: () -> Unit,
    val onDelete: () -> Unit,
    val onReach: (ReachedBy, String) -> Unit,
    val onSafetyPlan: () -> Unit
)

/** The page that is due: a question, the answers before they are finished, or what was answered. */
@Composable
fun MeasureScreen(
    loaded: Loaded<Answering?>,
    readers: WhoReads,
    saving: Saving,
    notReached: String?,
    around: Around,
    acts: MeasureActs
) {
    val answering = (loaded as? Loaded.Here)?.value
    val sheet = answering?.sheet
    val title = sheet?.measure?.shortName ?: stringResource(R.string.measure_title)
    when {
        loaded is Loaded.NotYet -> Page(title, around) { Loading(stringResource(R.string.opening)) }

        loaded is Loaded.Problem -> Page(title, around) { Notice(sentence(loaded.why.words), isProblem = true) }

        answering == null || sheet == null -> Page(title, around) { Text(stringResource(R.string.measure_gone)) }

        sheet.isFinished -> AnsweredPage(sheet, readers, saving, notReached, around, acts)

        sheet.notNow != null -> Page(title, around) {
            Text(sentence(sheet.notNow))
            Quiet(stringResource(R.string.measure_kept))
        }

        answering.question == null -> ReviewPage(sheet, readers, saving, notReached, around, acts)

        else -> QuestionPage(sheet, answering.question, saving, notReached, around, acts)
    }
}

@Composable
private fun QuestionPage(
    sheet: Sheet,
    question: QuestionView,
    saving: Saving,
    notReached: String?,
    around: Around,
    acts: MeasureActs
) {
    val measure = sheet.measure
    val state = sheet.stateOf(question.number)
    val isReached = state !is AnswerState.Open
    val asked = sheet.asked()
    Page(measure.shortName, around, bottom = {
        BottomAction(stringResource(R.string.measure_next), acts.onNext, isReached)
    }) {
        WhyNot(saving)
        if (sheet.tellsOfHarm && measure.harmQuestion == question.number) HarmPanel(sheet, notReached, acts)
        Quiet(stringResource(R.string.measure_progress, asked.indexOf(question) + 1, asked.size))
        // The words before the questions do not belong to the one that asks of problems alone.
        if (question.part != QuestionPart.BESIDE_IF_ANY_PROBLEM) {
            Text(measure.instructions)
            measure.stem?.let { Text(it) }
        }
        Heading(question.words)
        if (state is AnswerState.Apart) Notice(stringResource(R.string.measure_apart, state.words))
        Panel {
            Column(Modifier.selectableGroup()) {
                for (choice in question.choices) {
                    val isChosen = state is AnswerState.Answered && state.points == choice.points
                    RadioRow(choice.words, isChosen) { acts.onAnswer(choice.points) }
                }
            }
        }
        if (state is AnswerState.Skipped) Quiet(stringResource(R.string.measure_skipped))
        OtherButton(stringResource(R.string.measure_skip), acts.onSkip)
        if (asked.first() != question) OtherButton(stringResource(R.string.measure_before), acts.onBefore)
        Quiet(stringResource(R.string.measure_leave))
        Quiet(measure.permission)
    }
}

/** What is shown at once where an answer tells of harm: whom to call, who sees it, and that nobody is alerted. */
@Composable
internal fun HarmPanel(sheet: Sheet, notReached: String?, acts: MeasureActs) {
    Panel {
        Heading(stringResource(R.string.harm_thanks))
        Text(stringResource(R.string.harm_talk), style = MaterialTheme.typography.bodyLarge)
        ReachFailed(notReached)
        HelpLines(sheet.help, acts.onReach)
        Text(stringResource(R.string.harm_no_alarm))
        Text(whoSees(sheet.response.head.delivery, sheet.readership))
        OtherButton(stringResource(R.string.harm_plan), acts.onSafetyPlan)
    }
}
