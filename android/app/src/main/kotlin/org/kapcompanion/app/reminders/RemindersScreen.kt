package org.kapcompanion.app.reminders

import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OneOf
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.SwitchRow
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.told
import org.kapcompanion.core.ClockTime
import org.kapcompanion.core.LockScreenWords
import org.kapcompanion.core.QuietTime
import org.kapcompanion.core.ReminderPause
import org.kapcompanion.core.ReminderTopic
import org.kapcompanion.core.ReminderView
import org.kapcompanion.core.toLocalDate
import org.kapcompanion.core.toLocalDateTime

/** What can be chosen. */
data class ReminderActs(
    val onType: (RemindersDraft) -> Unit = {},
    val onPauseAll: (ReminderPause?) -> Unit = {},
    val onTopic: (ReminderTopic, Boolean) -> Unit = { _, _ -> },
    val onKeepQuiet: () -> Unit = {},
    val onQuietAsTheClinic: () -> Unit = {},
    val onMove: () -> Unit = {},
    val onCheckInAt: (ClockTime?) -> Unit = {},
    val onLockScreen: (LockScreenWords) -> Unit = {}
)

/** Reminders. */
@Composable
fun RemindersRoute(around: Around) {
    val model: RemindersViewModel = viewModel(factory = RemindersViewModel.Factory)
    val reminders by model.reminders.collectAsStateWithLifecycle()
    val draft by model.draft.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    val acts = ReminderActs(
        model::type,
        model::pauseAll,
        model::remindOf,
        model::keepQuiet,
        model::quietAsTheClinic,
        model::move,
        model::checkInAt,
        model::onLockScreen
    )
    RemindersScreen(reminders, draft, saving, around, acts) { ReminderSwitch() }
}

/** What is planned, a break from all, what of it is wanted, and when it is quiet. [onThisPhone] stands above it. */
@Composable
fun RemindersScreen(
    loaded: Loaded<Reminders>,
    draft: RemindersDraft,
    saving: Saving,
    around: Around,
    acts: ReminderActs,
    onThisPhone: @Composable () -> Unit = {}
) {
    Page(stringResource(R.string.reminders_title), around) {
        onThisPhone()
        LoadedPart(loaded) { reminders ->
            WhyNot(saving)
            Planned(reminders, draft, acts)
            Break(reminders, acts)
            Topics(reminders, acts)
            QuietHours(reminders.chosen.quietHours, draft, acts)
            CheckIns(reminders.chosen.checkInsAt, acts)
            LockScreen(reminders.chosen.lockScreen, acts)
        }
    }
}

@Composable
private fun Planned(reminders: Reminders, draft: RemindersDraft, acts: ReminderActs) {
    Heading(stringResource(R.string.reminders_planned))
    if (reminders.planned.isEmpty()) {
        val isPaused = reminders.chosen.allPaused != null
        Text(stringResource(if (isPaused) R.string.reminders_none_paused else R.string.reminders_none))
        Quiet(stringResource(R.string.reminders_none_means))
    }
    for (reminder in reminders.planned) key(reminder.id) { One(reminder, draft, acts) }
}

@Composable
private fun One(reminder: ReminderView, draft: RemindersDraft, acts: ReminderActs) {
    Panel {
        Text(told(reminder.at))
        Text(reminder.words)
        Quiet(stringResource(R.string.reminders_locked, reminder.lockScreen))
        when {
            // These stand by when a session begins, and have no time of their own.
            reminder.topic == ReminderTopic.FASTING || reminder.topic == ReminderTopic.LEAVING -> Unit

            draft.moved == reminder.rule -> {
                TimeSteps(stringResource(R.string.reminders_at), draft.movedTo ?: clockOf(reminder)) {
                    acts.onType(draft.copy(movedTo = it))
                }
                MainButton(stringResource(R.string.reminders_move_save), acts.onMove)
                OtherButton(stringResource(R.string.reminders_leave), {
                    acts.onType(draft.copy(moved = null, movedTo = null))
                })
            }

            else -> OtherButton(stringResource(R.string.reminders_move), {
                acts.onType(draft.copy(moved = reminder.rule, movedTo = clockOf(reminder)))
            })
        }
    }
}

private fun clockOf(reminder: ReminderView): ClockTime {
    val at = reminder.at.toLocalDateTime()
    return ClockTime(at.hour.toUByte(), at.minute.toUByte())
}

@Composable
private fun Break(reminders: Reminders, acts: ReminderActs) {
    val paused = reminders.chosen.allPaused
    Panel {
        Heading(stringResource(R.string.reminders_break_title))
        if (paused == null) {
            Quiet(stringResource(R.string.reminders_break_means))
            val today = reminders.today
            OtherButton(stringResource(R.string.reminders_break_day), { acts.onPauseAll(pauseFor(1, today)) })
            OtherButton(stringResource(R.string.reminders_break_week), {
                acts.onPauseAll(pauseFor(DAYS_OF_A_WEEK, today))
            })
            OtherButton(stringResource(R.string.reminders_break_open), { acts.onPauseAll(ReminderPause.Open) })
        } else {
            Notice(
                when (paused) {
                    is ReminderPause.Open -> stringResource(R.string.reminders_break_is_open)

                    is ReminderPause.Until -> stringResource(
                        R.string.reminders_break_is_until,
                        paused.day.toLocalDate().format(DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL))
                    )
                }
            )
            OtherButton(stringResource(R.string.reminders_break_end), { acts.onPauseAll(null) })
        }
    }
}

private const val DAYS_OF_A_WEEK = 7L

@Composable
private fun Topics(reminders: Reminders, acts: ReminderActs) {
    val paused = reminders.chosen.topicsPaused.map { it.topic }
    Panel {
        Heading(stringResource(R.string.reminders_topics_title))
        for (topic in ReminderTopic.entries) {
            SwitchRow(topicWords(topic), topic !in paused) { acts.onTopic(topic, it) }
        }
    }
}

@Composable
private fun topicWords(topic: ReminderTopic): String = stringResource(
    when (topic) {
        ReminderTopic.FASTING -> R.string.reminders_topic_fasting
        ReminderTopic.LEAVING -> R.string.reminders_topic_leaving
        ReminderTopic.EVENING -> R.string.reminders_topic_evening
        ReminderTopic.DAY_BEFORE -> R.string.reminders_topic_day_before
        ReminderTopic.PREPARATION -> R.string.reminders_topic_preparation
        ReminderTopic.DAY_AFTER -> R.string.reminders_topic_day_after
        ReminderTopic.INTEGRATION -> R.string.reminders_topic_integration
        ReminderTopic.MEASURE -> R.string.reminders_topic_measure
        ReminderTopic.FOLLOW_UP -> R.string.reminders_topic_follow_up
        ReminderTopic.CHECK_IN -> R.string.reminders_topic_check_in
    }
)

private val NIGHT = QuietTime(ClockTime(21u, 0u), ClockTime(9u, 0u))

@Composable
private fun QuietHours(chosen: QuietTime?, draft: RemindersDraft, acts: ReminderActs) {
    Panel {
        Heading(stringResource(R.string.reminders_quiet_title))
        Text(
            if (chosen == null) {
                stringResource(R.string.reminders_quiet_as_clinic)
            } else {
                stringResource(R.string.reminders_quiet_own, told(chosen.from), told(chosen.until))
            }
        )
        Quiet(stringResource(R.string.reminders_quiet_means))
        val quiet = draft.quiet
        if (quiet == null) {
            OtherButton(stringResource(R.string.reminders_quiet_change), {
                acts.onType(
                    draft.copy(
                        quiet =
                            chosen ?: NIGHT
                    )
                )
            })
        } else {
            TimeSteps(stringResource(R.string.reminders_quiet_from), quiet.from) {
                acts.onType(draft.copy(quiet = quiet.copy(from = it)))
            }
            TimeSteps(stringResource(R.string.reminders_quiet_until), quiet.until) {
                acts.onType(draft.copy(quiet = quiet.copy(until = it)))
            }
            MainButton(stringResource(R.string.reminders_quiet_save), acts.onKeepQuiet)
            OtherButton(stringResource(R.string.reminders_leave), { acts.onType(draft.copy(quiet = null)) })
        }
        if (chosen != null) OtherButton(stringResource(R.string.reminders_quiet_back), acts.onQuietAsTheClinic)
    }
}

private val TIMES_TO_CHECK_IN = listOf(ClockTime(9u, 0u), ClockTime(13u, 0u), ClockTime(19u, 0u))

@Composable
private fun CheckIns(chosen: ClockTime?, acts: ReminderActs) {
    val offered = listOf<Pair<ClockTime?, String>>(null to stringResource(R.string.reminders_check_ins_as_clinic)) +
        (TIMES_TO_CHECK_IN + listOfNotNull(chosen)).distinct().map { it to told(it) }
    Panel {
        Heading(stringResource(R.string.reminders_check_ins_title))
        OneOf(offered, chosen, acts.onCheckInAt)
    }
}

@Composable
private fun LockScreen(chosen: LockScreenWords, acts: ReminderActs) {
    Panel {
        Heading(stringResource(R.string.reminders_lock_screen_title))
        SwitchRow(
            stringResource(R.string.reminders_lock_screen_words),
            chosen == LockScreenWords.WORDS,
            stringResource(R.string.reminders_lock_screen_means)
        ) { acts.onLockScreen(if (it) LockScreenWords.WORDS else LockScreenWords.NEUTRAL) }
    }
}
