package org.kapcompanion.app.measures

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import org.kapcompanion.app.R
import org.kapcompanion.app.help.whoReads
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.BottomAction
import org.kapcompanion.app.ui.DeleteIt
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OpenRow
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Readers
import org.kapcompanion.app.ui.Rows
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.app.ui.TakeBack
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.readersOf
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.whereItIs
import org.kapcompanion.core.AnswerState
import org.kapcompanion.core.WhoReads

/** All answers before they are finished, each to be changed, and who is to read them. */
@Composable
internal fun ReviewPage(
    sheet: Sheet,
    readers: WhoReads,
    saving: Saving,
    notReached: String?,
    around: Around,
    acts: MeasureActs
) {
    val isShared = sheet.sharing == Sharing.OFFERED && readers != WhoReads.ONLY_ME
    Page(stringResource(R.string.answers_review_title, sheet.measure.shortName), around, bottom = {
        val words = if (isShared) R.string.answers_review_finish_and_share else R.string.answers_review_finish
        BottomAction(stringResource(words), acts.onFinish, saving !is Saving.Now)
    }) {
        WhyNot(saving)
        if (sheet.tellsOfHarm) HarmPanel(sheet, notReached, acts)
        Text(stringResource(R.string.answers_review_how))
        Rows(sheet.asked()) { question ->
            OpenRow(question.words, listOf(stateWords(sheet.stateOf(question.number)))) {
                acts.onAsk(question.number)
            }
        }
        Readers(sheet.sharing, readers, acts.onLetRead)
        if (isShared) Quiet(whoReads(sheet.readership))
        Quiet(sheet.measure.permission)
    }
}

/** What was answered: the total as a number, who can read it, and where it is. */
@Composable
internal fun AnsweredPage(
    sheet: Sheet,
    readers: WhoReads,
    saving: Saving,
    notReached: String?,
    around: Around,
    acts: MeasureActs
) {
    val response = sheet.response
    Page(sheet.measure.shortName, around) {
        WhyNot(saving)
        if (sheet.tellsOfHarm) HarmPanel(sheet, notReached, acts)
        Panel {
            val total = total(response, sheet.measure.most.toInt())
            if (total != null) {
                Text(total, style = MaterialTheme.typography.titleLarge)
                Quiet(stringResource(R.string.measures_no_verdict))
            } else {
                response.noTotal?.let { Text(stringResource(R.string.measure_no_total, it)) }
            }
            Quiet(told(response.finishedAt ?: response.at))
            Quiet(stringResource(R.string.entry_readers, readersOf(response.head, response.visibility)))
            Quiet(stringResource(R.string.entry_where, whereItIs(response.head.delivery)))
            if (response.head.isShared) Quiet(whoReads(sheet.readership))
        }
        Keeping(sheet, readers, saving, acts)
        Heading(stringResource(R.string.answers_title))
        Panel {
            for (question in sheet.asked()) {
                Text(question.words)
                Quiet(stateWords(sheet.stateOf(question.number)))
            }
        }
        Quiet(sheet.measure.permission)
    }
}

/** Sharing it, taking it back, deleting it. */
@Composable
private fun Keeping(sheet: Sheet, readers: WhoReads, saving: Saving, acts: MeasureActs) {
    val isShared = sheet.response.head.isShared
    Panel {
        if (!isShared) {
            Readers(sheet.sharing, readers, acts.onLetRead)
            if (sheet.sharing == Sharing.OFFERED && readers != WhoReads.ONLY_ME) {
                Quiet(whoReads(sheet.readership))
                if (saving !is Saving.Now) OtherButton(stringResource(R.string.answers_share), acts.onShare)
            }
        } else {
            TakeBack(sheet.remains, acts.onTakeBack)
        }
        DeleteIt(sheet.remains, acts.onDelete)
        if (sheet.tellsOfHarm && isShared) Notice(stringResource(R.string.harm_may_call))
    }
}

/** How a question stands, in words. */
@Composable
private fun stateWords(state: AnswerState): String = when (state) {
    is AnswerState.Answered -> state.words
    is AnswerState.Skipped -> stringResource(R.string.measure_skipped)
    is AnswerState.Apart -> stringResource(R.string.measure_apart, state.words)
    is AnswerState.Open -> stringResource(R.string.measure_open)
    is AnswerState.Unreadable -> stringResource(R.string.measure_unreadable)
}
