package org.kapcompanion.app

import androidx.compose.runtime.Composable
import java.time.LocalDate
import java.util.UUID
import org.kapcompanion.app.reminders.ReminderActs
import org.kapcompanion.app.reminders.Reminders
import org.kapcompanion.app.reminders.RemindersDraft
import org.kapcompanion.app.reminders.RemindersScreen
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.core.CalendarDay
import org.kapcompanion.core.ClockTime
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.FieldProblem
import org.kapcompanion.core.LockScreenWords
import org.kapcompanion.core.PausedTopicView
import org.kapcompanion.core.QuietTime
import org.kapcompanion.core.ReminderAbout
import org.kapcompanion.core.ReminderPause
import org.kapcompanion.core.ReminderPreferencesView
import org.kapcompanion.core.ReminderTopic
import org.kapcompanion.core.ReminderView

private val Free = ReminderPreferencesView(null, null, null, emptyList(), emptyList(), LockScreenWords.NEUTRAL)

private val Chosen = Free.copy(
    checkInsAt = ClockTime(20u, 30u),
    quietHours = QuietTime(ClockTime(20u, 0u), ClockTime(10u, 0u)),
    topicsPaused = listOf(PausedTopicView(ReminderTopic.CHECK_IN, ReminderPause.Open)),
    lockScreen = LockScreenWords.WORDS
)

private fun reminder(rule: String, topic: ReminderTopic, words: String) = ReminderView(
    id = "0123456789abcdef0123456789abcdef",
    at = At,
    day = CalendarDay(2026, 5u, 28u),
    topic = topic,
    rule = rule,
    about = ReminderAbout.DosingSession(UUID(0, 7)),
    exact = topic == ReminderTopic.FASTING,
    words = words,
    lockScreen = "You have a reminder.",
    fingerprint = "0"
)

private val Planned = listOf(
    reminder("day_before", ReminderTopic.DAY_BEFORE, "Your session is tomorrow at 10:00, Harbor Street 12."),
    reminder("fast", ReminderTopic.FASTING, "From now on nothing to eat, as your clinic set it.")
)

private fun here(planned: List<ReminderView>, chosen: ReminderPreferencesView) =
    Loaded.Here(Reminders(planned, chosen, LocalDate.of(2026, 5, 28)))

@Composable
private fun Page(loaded: Loaded<Reminders>, draft: RemindersDraft = RemindersDraft(), saving: Saving = Saving.Not) =
    RemindersScreen(loaded, draft, saving, Somewhere, ReminderActs())

/** Reminders in every state. */
internal val RemindersScreens: Map<String, @Composable () -> Unit> = mapOf(
    "reminders-loading" to { Page(Loaded.NotYet) },
    "reminders-none" to { Page(here(emptyList(), Free)) },
    "reminders" to {
        Page(here(Planned, Chosen), RemindersDraft(Chosen.quietHours, "day_before", ClockTime(18u, 30u)))
    },
    "reminders-break" to {
        Page(here(emptyList(), Free.copy(allPaused = ReminderPause.Until(CalendarDay(2026, 6u, 4u)))))
    },
    "reminders-problem" to {
        val why = CompanionException.Invalid("quiet_hours", FieldProblem.Other, "quiet hours leave six hours of a day")
        Page(here(Planned, Free), saving = Saving.Failed(why))
    }
)
