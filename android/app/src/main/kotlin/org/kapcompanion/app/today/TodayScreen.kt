package org.kapcompanion.app.today

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import org.kapcompanion.app.R
import org.kapcompanion.app.checkin.CheckInViewModel
import org.kapcompanion.app.checkin.Feelings
import org.kapcompanion.app.checkin.feelingWord
import org.kapcompanion.app.record.Reached
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Loading
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Places
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.toldDay
import org.kapcompanion.app.ui.toldTime
import org.kapcompanion.core.SessionStage
import org.kapcompanion.core.SessionTodayView
import org.kapcompanion.core.words

/** Today, as the record says it. */
@Composable
fun TodayRoute(around: Around, onGo: (String) -> Unit) {
    val model: TodayViewModel = viewModel(factory = TodayViewModel.Factory)
    val checkIn: CheckInViewModel = viewModel(factory = CheckInViewModel.Factory)
    val today by model.today.collectAsStateWithLifecycle()
    val reached by model.reached.collectAsStateWithLifecycle()
    TodayScreen(today, reached, around, model::askAgain, onGo, onFeeling = { feeling ->
        checkIn.feel(feeling)
        onGo(Places.CHECK_IN)
    })
}

/** One card that matters now, and below it what is always there. */
@Composable
fun TodayScreen(
    loaded: Loaded<Today>,
    reached: Reached,
    around: Around,
    onAskAgain: () -> Unit,
    onGo: (String) -> Unit,
    onFeeling: (Int) -> Unit
) {
    Page(stringResource(R.string.today_title), around) {
        when (loaded) {
            is Loaded.NotYet -> Loading(stringResource(R.string.opening))
            is Loaded.Problem -> Notice(sentence(loaded.why.words), isProblem = true)
            is Loaded.Here -> Shown(loaded.value, reached, onAskAgain, onGo, onFeeling)
        }
    }
}

@Composable
private fun Shown(
    today: Today,
    reached: Reached,
    onAskAgain: () -> Unit,
    onGo: (String) -> Unit,
    onFeeling: (Int) -> Unit
) {
    CardNow(today.card, onGo, onFeeling)
    for (warning in today.warnings) Notice(sentence(warning.words), isProblem = true)
    today.reply?.let { reply ->
        Panel {
            Heading(stringResource(R.string.today_reply, reply.by))
            Text(reply.body)
            Quiet(told(reply.at))
        }
    }
    OtherButton(stringResource(R.string.today_write), { onGo(Places.WRITE) })
    if (today.offersCheckIn) OtherButton(stringResource(R.string.today_check_in), { onGo(Places.CHECK_IN) })
    if (reached is Reached.NotNow) {
        Notice(sentence(reached.why.words), isProblem = true)
        OtherButton(stringResource(R.string.try_again), onAskAgain)
    }
    if (today.waiting > 0u) {
        val waiting = today.waiting.toInt()
        Quiet(pluralStringResource(R.plurals.today_waiting, waiting, waiting))
    }
}

@Composable
private fun CardNow(card: Card, onGo: (String) -> Unit, onFeeling: (Int) -> Unit) {
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
                MainButton(stringResource(look), { onGo(Places.PAIR) })
            }

            is Card.Session -> Session(card.today)

            is Card.CheckIn -> {
                Heading(stringResource(R.string.check_in_title))
                Feelings(chosen = null, onFeeling)
                Quiet(stringResource(R.string.today_check_in_means))
            }

            is Card.Next -> {
                Heading(stringResource(R.string.today_next, card.session.number.toInt()))
                Text(toldDay(card.session.at), style = MaterialTheme.typography.titleLarge)
                Text(stringResource(R.string.today_at, toldTime(card.session.at)))
                if (card.session.place.isNotBlank()) Quiet(card.session.place)
            }

            is Card.Calm -> {
                Heading(stringResource(R.string.today_calm))
                Text(stringResource(R.string.today_said, feelingWord(card.checkIn.valence.toInt())))
            }
        }
    }
}

@Composable
private fun Session(today: SessionTodayView) {
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
}
