package org.kapcompanion.app.today

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.style.TextOverflow
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import org.kapcompanion.app.R
import org.kapcompanion.app.checkin.CheckInViewModel
import org.kapcompanion.app.checkin.Feelings
import org.kapcompanion.app.checkin.feelingWord
import org.kapcompanion.app.record.Reached
import org.kapcompanion.app.sessions.SessionPlaces
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Places
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.toldDay
import org.kapcompanion.app.ui.toldTime
import org.kapcompanion.core.SessionStage
import org.kapcompanion.core.SessionTodayView
import org.kapcompanion.core.words

private const val PREVIEW_LINES = 6

/** Today, as the record says it. */
@Composable
fun TodayRoute(around: Around, onGo: (String) -> Unit) {
    val model: TodayViewModel = viewModel(factory = TodayViewModel.Factory)
    val checkIn: CheckInViewModel = viewModel(factory = CheckInViewModel.Factory)
    val today by model.today.collectAsStateWithLifecycle()
    val reached by model.reached.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    val acts = TodayActs(
        onAskAgain = model::askAgain,
        onGo = onGo,
        onFeeling = { feeling ->
            checkIn.feel(feeling)
            onGo(Places.CHECK_IN)
        },
        onEnded = model::sayEnded
    )
    TodayScreen(today, reached, around, acts, saving)
}

/** What can be done on the first page. */
data class TodayActs(
    val onAskAgain: () -> Unit = {},
    val onGo: (String) -> Unit = {},
    val onFeeling: (Int) -> Unit = {},
    /** The session that is on is over. */
    val onEnded: () -> Unit = {}
)

/** One card that matters now, and below it what is always there. */
@Composable
fun TodayScreen(loaded: Loaded<Today>, reached: Reached, around: Around, acts: TodayActs, saving: Saving = Saving.Not) {
    Page(stringResource(R.string.today_title), around) {
        LoadedPart(loaded) { Shown(it, reached, acts, saving) }
    }
}

@Composable
private fun Shown(today: Today, reached: Reached, acts: TodayActs, saving: Saving) {
    CardNow(today.card, acts)
    WhyNot(saving)
    for (warning in today.warnings) Notice(sentence(warning.words), isProblem = true)
    ToReview(today, acts.onGo)
    today.reply?.let { reply ->
        Panel {
            Heading(stringResource(R.string.today_reply, reply.by))
            Text(reply.body, maxLines = PREVIEW_LINES, overflow = TextOverflow.Ellipsis)
            Quiet(told(reply.at))
            OtherButton(stringResource(R.string.today_lead_reply), { acts.onGo(SessionPlaces.reply(reply.head.id)) })
        }
    }
    today.toLookAt?.let { commitment ->
        Panel {
            Heading(stringResource(R.string.today_agreed))
            Text(commitment.text)
            OtherButton(stringResource(R.string.today_lead_agreed), {
                acts.onGo(SessionPlaces.commitment(commitment.head.id))
            })
        }
    }
    OtherButton(stringResource(R.string.today_write), { acts.onGo(Places.WRITE) })
    if (today.offersCheckIn) OtherButton(stringResource(R.string.today_check_in), { acts.onGo(Places.CHECK_IN) })
    if (reached is Reached.NotNow) {
        Notice(sentence(reached.why.words), isProblem = true)
        OtherButton(stringResource(R.string.try_again), acts.onAskAgain)
    }
    if (today.waiting > 0u) {
        val waiting = today.waiting.toInt()
        Quiet(pluralStringResource(R.plurals.today_waiting, waiting, waiting))
    }
}

/** What waits to be kept or shared, where the card does not lead there already. */
@Composable
private fun ToReview(today: Today, onGo: (String) -> Unit) {
    val leadsThere = (today.card as? Card.Session)?.today?.stage == SessionStage.NEXT_DAY
    if (today.toReview == 0 || leadsThere) return
    Panel {
        Text(pluralStringResource(R.plurals.today_to_review, today.toReview, today.toReview))
        OtherButton(stringResource(R.string.today_lead_next), { onGo(SessionPlaces.REVIEW) })
    }
}

@Composable
private fun CardNow(card: Card, acts: TodayActs) {
    Panel {
        when (card) {
            is Card.Waiting -> {
                Heading(stringResource(R.string.today_admission, card.clinic))
                Quiet(
                    stringResource(
                        if (card.hasWords) R.string.today_admission_words else R.string.today_admission_wait
                    )
                )
                val look = if (card.hasWords) R.string.today_admission_compare else R.string.today_admission_look
                MainButton(stringResource(look), { acts.onGo(Places.PAIR) })
            }

            is Card.Session -> Session(card.today, acts)

            is Card.CheckIn -> {
                Heading(stringResource(R.string.check_in_title))
                Feelings(chosen = null, acts.onFeeling)
                Quiet(stringResource(R.string.today_check_in_means))
            }

            is Card.Next -> {
                Heading(stringResource(R.string.today_next, card.session.number.toInt()))
                Text(toldDay(card.session.at), style = MaterialTheme.typography.titleLarge)
                Text(stringResource(R.string.today_at, toldTime(card.session.at)))
                if (card.session.place.isNotBlank()) Quiet(card.session.place)
                MainButton(stringResource(R.string.today_lead_session), {
                    acts.onGo(SessionPlaces.session(card.session.head.id))
                })
            }

            is Card.Calm -> {
                Heading(stringResource(R.string.today_calm))
                Text(stringResource(R.string.today_said, feelingWord(card.checkIn.valence.toInt())))
            }
        }
    }
}

@Composable
private fun Session(today: SessionTodayView, acts: TodayActs) {
    Heading(stringResource(R.string.today_session, today.number.toInt()))
    Text(
        when (today.stage) {
            SessionStage.BEFORE -> stringResource(R.string.today_session_before, toldTime(today.times.begins))
            SessionStage.DURING -> stringResource(R.string.today_session_during)
            SessionStage.AFTER -> stringResource(R.string.today_session_after, told(today.times.quietUntil))
            SessionStage.NEXT_DAY -> stringResource(R.string.today_session_next)
        },
        style = MaterialTheme.typography.bodyLarge
    )
    if (today.place.isNotBlank()) Quiet(today.place)
    val lead = when (today.stage) {
        SessionStage.BEFORE -> R.string.today_lead_before
        SessionStage.DURING -> R.string.today_lead_during
        SessionStage.AFTER -> R.string.today_lead_after
        SessionStage.NEXT_DAY -> R.string.today_lead_next
    }
    MainButton(stringResource(lead), { acts.onGo(SessionPlaces.DAY) })
    if (today.stage == SessionStage.DURING) OtherButton(stringResource(R.string.today_lead_ended), acts.onEnded)
}
