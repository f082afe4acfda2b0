package org.kapcompanion.app.sessions

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.help.ReachFailed
import org.kapcompanion.app.help.rememberReach
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.CheckRow
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.OneOf
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Readers
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.WordsField
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.toldDay
import org.kapcompanion.app.ui.toldTime
import org.kapcompanion.core.NewsAnswer
import org.kapcompanion.core.PreparationItem
import org.kapcompanion.core.ReachedBy
import org.kapcompanion.core.RideStanding

/** What can be done on the page. */
data class PrepareActs(
    val onType: (PrepareDraft) -> Unit = {},
    val onEscort: () -> Unit = {},
    val onNobody: () -> Unit = {},
    val onConfirm: () -> Unit = {},
    val onTick: (PreparationItem, Boolean) -> Unit = { _, _ -> },
    val onEyeshades: (Boolean) -> Unit = {},
    val onMusic: (Boolean) -> Unit = {},
    val onIntention: () -> Unit = {},
    val onNothingNew: () -> Unit = {},
    val onSomethingNew: () -> Unit = {}
)

internal fun PrepareViewModel.acts() = PrepareActs(
    ::type,
    ::nameEscort,
    ::nameNobody,
    ::confirmRide,
    ::tick,
    ::wantEyeshades,
    ::wantMusic,
    ::writeIntention,
    ::nothingNew,
    ::somethingNew
)

/** What one session's page of preparing is shown by. */
@Composable
internal fun prepareModel(session: UUID): PrepareViewModel =
    viewModel(key = "prepare-$session", factory = PrepareViewModel.factory(session))

/** What is settled before one session. */
@Composable
fun PrepareRoute(session: UUID, around: Around) {
    val model = prepareModel(session)
    val preparing by model.preparing.collectAsStateWithLifecycle()
    val draft by model.draft.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    PrepareScreen(preparing, draft, saving, around, model.acts())
}

/** The page of it. */
@Composable
fun PrepareScreen(loaded: Loaded<Preparing>, draft: PrepareDraft, saving: Saving, around: Around, acts: PrepareActs) {
    Page(stringResource(R.string.prepare_title), around) {
        LoadedPart(loaded) { preparing ->
            Quiet(
                stringResource(
                    R.string.prepare_for,
                    preparing.session.number.toInt(),
                    toldDay(preparing.session.at),
                    toldTime(preparing.session.at)
                )
            )
            WhyNot(saving)
            PrepareParts(preparing, draft, acts)
        }
    }
}

/** What is still to do, most pressing first. Nothing of it is rated, and nothing of it must be. */
@Composable
fun PrepareParts(preparing: Preparing, draft: PrepareDraft, acts: PrepareActs) {
    Rules(preparing.rules)
    Escort(preparing, draft, acts)
    News(preparing, draft, acts)
    Checklist(preparing, acts)
    Intention(preparing, draft, acts)
    Wishes(preparing, acts)
}

/** Eating, drinking and medicines, as the clinic wrote it; never in our words. */
@Composable
private fun Rules(rules: List<RuleOfClinic>) {
    if (rules.isEmpty()) return
    Panel {
        Heading(stringResource(R.string.prepare_rules))
        for (rule in rules) {
            Text(rule.heading, style = MaterialTheme.typography.titleSmall)
            for (line in rule.lines) Text(line)
            if (rule.note.isNotBlank()) Quiet(rule.note)
        }
    }
}

@Composable
private fun Escort(preparing: Preparing, draft: PrepareDraft, acts: PrepareActs) {
    val reach = rememberReach()
    val said = preparing.said
    Panel {
        Heading(stringResource(R.string.escort_title))
        Text(escortWords(said))
        val number = said?.escortPhone.orEmpty()
        ReachFailed(reach.failed)
        if (number.isNotBlank()) {
            OtherButton(stringResource(R.string.help_call, number), { reach.onReach(ReachedBy.Call, number) })
        }
        if (said?.ride == RideStanding.NOT_CONFIRMED) {
            OtherButton(stringResource(R.string.escort_confirm), acts.onConfirm)
        }
        WordsField(
            stringResource(if (isNamed(said?.ride)) R.string.escort_other else R.string.escort_name),
            draft.escort,
            { acts.onType(draft.copy(escort = it)) }
        )
        if (draft.escort.isNotBlank()) {
            WordsField(stringResource(R.string.escort_number), draft.number, {
                acts.onType(draft.copy(number = it))
            })
            OtherButton(stringResource(R.string.escort_save), acts.onEscort)
        }
        if (isNamed(said?.ride)) OtherButton(stringResource(R.string.escort_remove), acts.onNobody)
        Quiet(stringResource(R.string.escort_means))
    }
}

private fun isNamed(ride: RideStanding?): Boolean = ride != null && ride != RideStanding.NOBODY_NAMED

@Composable
private fun News(preparing: Preparing, draft: PrepareDraft, acts: PrepareActs) {
    Panel {
        Heading(stringResource(R.string.news_title))
        Quiet(stringResource(R.string.news_means))
        preparing.news?.let { news ->
            when (news.answer) {
                NewsAnswer.NOTHING -> Text(stringResource(R.string.news_said_nothing, told(news.at)))
                NewsAnswer.SOMETHING -> Text(stringResource(R.string.news_said, told(news.at), news.words))
            }
        }
        OtherButton(stringResource(R.string.news_nothing), acts.onNothingNew)
        WordsField(stringResource(R.string.news_words), draft.news, { acts.onType(draft.copy(news = it)) })
        if (draft.news.isNotBlank()) OtherButton(stringResource(R.string.news_tell), acts.onSomethingNew)
    }
}

@Composable
private fun Checklist(preparing: Preparing, acts: PrepareActs) {
    Panel {
        Heading(stringResource(R.string.prepare_list))
        for (item in preparing.items) {
            CheckRow(item.words, item.isDone) { acts.onTick(item.item, it) }
        }
        Quiet(stringResource(R.string.prepare_list_means))
    }
}

@Composable
private fun Intention(preparing: Preparing, draft: PrepareDraft, acts: PrepareActs) {
    Intentions(preparing.intentions)
    Panel {
        Heading(stringResource(R.string.intention_title))
        Quiet(stringResource(R.string.intention_means))
        WordsField(
            stringResource(R.string.intention_words),
            draft.intention,
            { acts.onType(draft.copy(intention = it)) },
            lines = 2
        )
        if (draft.intention.isNotBlank()) {
            Readers(preparing.sharing, draft.readers) { acts.onType(draft.copy(readers = it)) }
            OtherButton(stringResource(R.string.intention_save), acts.onIntention)
        }
    }
}

@Composable
private fun Wishes(preparing: Preparing, acts: PrepareActs) {
    Panel {
        Heading(stringResource(R.string.wishes_title))
        val answers = listOf(true to stringResource(R.string.wish_yes), false to stringResource(R.string.wish_no))
        Text(stringResource(R.string.wish_eyeshades))
        OneOf(answers, preparing.said?.eyeshades, acts.onEyeshades)
        Text(stringResource(R.string.wish_music))
        OneOf(answers, preparing.said?.music, acts.onMusic)
    }
}
