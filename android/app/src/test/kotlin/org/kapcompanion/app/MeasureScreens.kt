package org.kapcompanion.app

import androidx.compose.runtime.Composable
import java.util.UUID
import org.kapcompanion.app.help.Readership
import org.kapcompanion.app.measures.Answering
import org.kapcompanion.app.measures.Beginning
import org.kapcompanion.app.measures.Begun
import org.kapcompanion.app.measures.MeasureActs
import org.kapcompanion.app.measures.MeasureScreen
import org.kapcompanion.app.measures.MeasuresActs
import org.kapcompanion.app.measures.MeasuresScreen
import org.kapcompanion.app.measures.Offered
import org.kapcompanion.app.measures.Sheet
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.core.AnswerChoiceView
import org.kapcompanion.core.AnswerState
import org.kapcompanion.core.AnswerView
import org.kapcompanion.core.CalendarDay
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.Delivery
import org.kapcompanion.core.HoursView
import org.kapcompanion.core.HowFar
import org.kapcompanion.core.MeasureNotOffered
import org.kapcompanion.core.MeasureOfferView
import org.kapcompanion.core.MeasureTiming
import org.kapcompanion.core.MeasureView
import org.kapcompanion.core.QuestionPart
import org.kapcompanion.core.QuestionView
import org.kapcompanion.core.ReadingHoursNowView
import org.kapcompanion.core.RemainsView
import org.kapcompanion.core.ResponseView
import org.kapcompanion.core.SourceView
import org.kapcompanion.core.WeekdayHoursView
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.bundledHelp

internal val ReadOnMondays = Readership.Said(
    ReadingHoursNowView(
        zone = "America/Denver",
        responsible = "Maya Lindqvist",
        week = listOf(1, 4).map { day ->
            WeekdayHoursView(day.toUByte(), listOf(HoursView(540u, 750u), HoursView(840u, 1020u)))
        },
        by = "Maya Lindqvist",
        at = At
    )
)

private val Often = listOf("Not at all", "Several days", "More than half the days", "Nearly every day")
    .mapIndexed { points, words -> AnswerChoiceView(points.toUByte(), words, saysItsNumber = false) }

private fun question(number: Int, words: String, part: QuestionPart = QuestionPart.FOR_THE_TOTAL) =
    QuestionView(number.toUByte(), words, Often, part)

private val Phq9 = MeasureView(
    measure = "phq-9",
    version = 1u,
    shortName = "PHQ-9",
    name = "Patient Health Questionnaire (PHQ-9)",
    edition = "PHQ-9, English",
    editionSource = SourceView("Spitzer and others", "https://www.phqscreeners.com/"),
    instructions = "Over the last 2 weeks, how often have you been bothered by any of the following problems?",
    stem = null,
    questions = listOf(
        question(1, "Little interest or pleasure in doing things"),
        question(2, "Moving or speaking so slowly that other people could have noticed?"),
        question(9, "Thoughts that you would be better off dead, or of hurting yourself in some way")
    ),
    asksAbout = "the last two weeks",
    most = 27u,
    bands = emptyList(),
    bandsSource = null,
    harmQuestion = 9u,
    permission = "Copyright © Pfizer Inc. All rights reserved. No permission required to reproduce, translate, " +
        "display or distribute (https://www.phqscreeners.com/).",
    codesNotice = null
)

private val Given = mapOf(
    1 to AnswerState.Answered(2u, "More than half the days"),
    2 to AnswerState.Skipped,
    9 to AnswerState.Answered(1u, "Several days")
)

private fun response(states: Map<Int, AnswerState>, isFinished: Boolean, isShared: Boolean, total: UShort? = null) =
    ResponseView(
        head = entry("a response", if (isShared) Delivery.Delivered(CLINIC, At) else Delivery.OnlyYours, isShared).head,
        measure = "phq-9",
        version = 1u,
        finishedAt = At.takeIf { isFinished },
        visibility = if (isShared) WhoReads.CARE_TEAM else WhoReads.ONLY_ME,
        at = At,
        name = "PHQ-9",
        items = Phq9.questions.map {
            AnswerView(it.number, it.words, states[it.number.toInt()] ?: AnswerState.Open)
        },
        total = total,
        noTotal = if (total == null) "question 2 was left out" else null
    )

private fun sheet(response: ResponseView, sharing: Sharing = Sharing.OFFERED, notNow: String? = null) = Sheet(
    Phq9,
    response,
    next = Phq9.questions.first(),
    notNow,
    sharing,
    bundledHelp().flatMap { it.lines },
    ReadOnMondays,
    RemainsView(HowFar.OPENED, true, null, "Taken back: it is private again.", "Its words go from this phone at once.")
)

private val Quietly = MeasureActs({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, { _, _ -> }, {})

@Composable
private fun Measure(sheet: Sheet, question: Int?, readers: WhoReads = WhoReads.ONLY_ME, saving: Saving = Saving.Not) =
    MeasureScreen(
        Loaded.Here(Answering(sheet, Phq9.questions.find { it.number.toInt() == question })),
        readers,
        saving,
        null,
        Somewhere,
        Quietly
    )

private val Harmless = Given - 9

private fun offer(
    timing: MeasureTiming,
    answered: List<ResponseView> = emptyList(),
    open: List<ResponseView> = emptyList(),
    notNow: MeasureNotOffered? = null
) = MeasureOfferView(
    Phq9,
    notNow,
    notNow?.let { "this questionnaire asks about thoughts of death, and the clinic has not set who reads the answers" },
    timing,
    last = null,
    answered,
    open
)

private fun all(): List<Offered> {
    val begun = response(Harmless, isFinished = false, isShared = false)
    val answered = response(Given, isFinished = true, isShared = true, total = 12u)
    return listOf(
        Offered(offer(MeasureTiming.Due, open = listOf(begun)), listOf(Begun(begun, isPastItsTime = false))),
        Offered(offer(MeasureTiming.First, open = listOf(begun)), listOf(Begun(begun, isPastItsTime = true))),
        Offered(offer(MeasureTiming.Early(CalendarDay(2026, 12u, 4u)), listOf(answered)), emptyList()),
        Offered(offer(MeasureTiming.First, notNow = MeasureNotOffered.MONITORING), emptyList())
    )
}

@Composable
private fun Measures(loaded: Loaded<List<Offered>>, beginning: Beginning = Beginning.Not) =
    MeasuresScreen(loaded, beginning, Somewhere, MeasuresActs({}, { _: UUID -> }, {}, {}))

/** The questionnaires, and one of them from the first question to the end. */
internal val MeasureScreens: Map<String, @Composable () -> Unit> = mapOf(
    "measures" to { Measures(Loaded.Here(all())) },
    "measures-empty" to { Measures(Loaded.Here(emptyList())) },
    "measures-loading" to { Measures(Loaded.NotYet) },
    "measures-problem" to {
        Measures(Loaded.Here(all()), Beginning.Failed(CompanionException.DiskFull("the disk is full")))
    },
    "measure-first" to { Measure(sheet(response(emptyMap(), isFinished = false, isShared = false)), 1) },
    "measure-answered" to { Measure(sheet(response(Harmless, isFinished = false, isShared = false)), 1) },
    "measure-skipped" to { Measure(sheet(response(Harmless, isFinished = false, isShared = false)), 2) },
    "measure-apart" to {
        val apart = mapOf<Int, AnswerState>(1 to AnswerState.Apart("Several days / Not at all"))
        val why = CompanionException.DiskFull("the disk is full")
        Measure(sheet(response(apart, isFinished = false, isShared = false)), 1, saving = Saving.Failed(why))
    },
    "measure-harm" to { Measure(sheet(response(Given, isFinished = false, isShared = false)), 9) },
    "measure-review" to {
        Measure(sheet(response(Harmless, isFinished = false, isShared = false)), null, WhoReads.CARE_TEAM)
    },
    "measure-done" to {
        Measure(sheet(response(Harmless, isFinished = true, isShared = false, total = 12u)), null)
    },
    "measure-shared" to { Measure(sheet(response(Given, isFinished = true, isShared = true)), null) },
    "measure-rests" to {
        val why = "questionnaires rest on the day of a session and in the quiet hours after it"
        Measure(sheet(response(Harmless, isFinished = false, isShared = false), notNow = why), 1)
    },
    "measure-gone" to { MeasureScreen(Loaded.Here(null), WhoReads.ONLY_ME, Saving.Not, null, Somewhere, Quietly) }
)
