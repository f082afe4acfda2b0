package org.kapcompanion.app.measures

import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.program.ProgramPlaces
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.AskedOnce
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OpenRow
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Rows
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.toldDate
import org.kapcompanion.app.ui.whereItIs
import org.kapcompanion.core.CalendarDay
import org.kapcompanion.core.MeasureTiming
import org.kapcompanion.core.ResponseView
import org.kapcompanion.core.toLocalDate
import org.kapcompanion.core.words

/** The questionnaires. */
@Composable
fun MeasuresRoute(around: Around, onGo: (String) -> Unit) {
    val model: MeasuresViewModel = viewModel(factory = MeasuresViewModel.Factory)
    val offers by model.offers.collectAsStateWithLifecycle()
    val beginning by model.beginning.collectAsStateWithLifecycle()
    LaunchedEffect(beginning) {
        val done = beginning as? Beginning.Done ?: return@LaunchedEffect
        model.seen()
        onGo(ProgramPlaces.measure(done.response))
    }
    MeasuresScreen(
        offers,
        beginning,
        around,
        MeasuresActs(
            onBegin = model::begin,
            onOpen = { onGo(ProgramPlaces.measure(it)) },
            onKeep = model::keep,
            onDelete = model::delete
        )
    )
}

/** What can be done in the list. */
class MeasuresActs(
    val onBegin: (String) -> Unit,
    val onOpen: (UUID) -> Unit,
    val onKeep: (UUID) -> Unit,
    val onDelete: (UUID) -> Unit
)

/** What can be answered, what was begun, and what was answered. */
@Composable
fun MeasuresScreen(loaded: Loaded<List<Offered>>, beginning: Beginning, around: Around, acts: MeasuresActs) {
    Page(stringResource(R.string.measures_title), around) {
        LoadedPart(loaded) { offers ->
            if (beginning is Beginning.Failed) Notice(sentence(beginning.why.words), isProblem = true)
            Quiet(stringResource(R.string.measures_private))
            if (offers.isEmpty()) Text(stringResource(R.string.measures_empty))
            for (offered in offers) Offer(offered, acts)
            History(offers, acts.onOpen)
            Quiet(stringResource(R.string.measures_no_verdict))
        }
    }
}

@Composable
private fun Offer(offered: Offered, acts: MeasuresActs) {
    val (offer, begun) = offered
    val measure = offer.measure
    Panel {
        Heading(measure.name)
        val questions = measure.questions.size
        Quiet(pluralStringResource(R.plurals.measures_questions, questions, questions, measure.asksAbout))
        Quiet(offer.notNowWords?.let { sentence(it) } ?: timing(offer.timing))
        for (one in begun) Open(one, acts, canGoOn = offer.notNow == null)
        if (offer.notNow == null && begun.none { !it.isPastItsTime }) {
            MainButton(stringResource(R.string.measures_begin, measure.shortName), { acts.onBegin(measure.measure) })
        }
    }
}

@Composable
private fun Open(begun: Begun, acts: MeasuresActs, canGoOn: Boolean) {
    val response = begun.response
    val id = response.head.id
    Quiet(stringResource(R.string.measures_begun, told(response.at)))
    if (begun.isPastItsTime) {
        Quiet(stringResource(R.string.measures_past))
        OtherButton(stringResource(R.string.measures_keep), { acts.onKeep(id) })
    } else if (canGoOn) {
        MainButton(stringResource(R.string.measures_go_on), { acts.onOpen(id) })
    }
    AskedOnce(
        stringResource(R.string.measures_delete),
        stringResource(R.string.measures_delete_means),
        stringResource(R.string.delete_it_sure)
    ) { acts.onDelete(id) }
}

@Composable
private fun timing(timing: MeasureTiming): String = when (timing) {
    is MeasureTiming.First -> stringResource(R.string.measures_first)
    is MeasureTiming.Due -> stringResource(R.string.measures_due)
    is MeasureTiming.Early -> stringResource(R.string.measures_early, day(timing.usualOn))
    is MeasureTiming.TooSoon -> stringResource(R.string.measures_too_soon, day(timing.soonest))
    is MeasureTiming.LastLiesAhead -> stringResource(R.string.measures_ahead)
}

private fun day(day: CalendarDay?): String = day?.let { toldDate(it.toLocalDate()) }.orEmpty()

@Composable
private fun History(all: List<Offered>, onOpen: (UUID) -> Unit) {
    val answered = all.flatMap { it.offer.answered }.sortedByDescending { it.finishedAt?.instant ?: it.at.instant }
    Heading(stringResource(R.string.measures_history))
    if (answered.isEmpty()) {
        Text(stringResource(R.string.measures_none_answered))
    } else {
        val most = all.associate { it.offer.measure.measure to it.offer.measure.most.toInt() }
        Rows(answered) { one ->
            val lines = listOfNotNull(
                told(one.finishedAt ?: one.at),
                total(one, most[one.measure] ?: 0),
                stringResource(R.string.entry_where, whereItIs(one.head.delivery))
            )
            OpenRow(one.name ?: one.measure, lines) { onOpen(one.head.id) }
        }
    }
}

/** The total as a number to talk about; nothing where none can be made. */
@Composable
internal fun total(response: ResponseView, most: Int): String? {
    val total = response.total?.toInt() ?: return null
    return stringResource(R.string.measure_total, total, most)
}
