package org.kapcompanion.app.guides

import androidx.compose.foundation.ScrollState
import androidx.compose.foundation.rememberScrollState
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.runtime.snapshotFlow
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import kotlinx.coroutines.flow.first
import org.kapcompanion.app.R
import org.kapcompanion.app.help.ReachFailed
import org.kapcompanion.app.help.rememberReach
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Loading
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.ReachedBy
import org.kapcompanion.core.words

/** One guide. */
@Composable
fun GuideRoute(name: String, session: UUID?, around: Around) {
    val model: GuideViewModel = viewModel(key = "guide/$name/$session", factory = GuideViewModel.factory(name, session))
    val open by model.open.collectAsStateWithLifecycle()
    // Goes on while the screen is off: that is what listening is for.
    val aloud by model.aloud.collectAsState()
    val part by model.part.collectAsStateWithLifecycle()
    val problem by model.problem.collectAsStateWithLifecycle()
    val reach = rememberReach()
    val scroll = rememberScrollState()
    val isHere = (open as? Loaded.Here)?.value != null
    LaunchedEffect(isHere) { if (isHere) goOn(scroll, model) }
    GuideScreen(
        open,
        Listening(aloud, part),
        problem,
        reach.failed,
        around,
        GuideActs(model::tick, model::finish, model::listen, model::beQuiet, reach.onReach),
        scroll
    )
}

/** Goes on where somebody was, once the words are laid out, and remembers from then on. */
private suspend fun goOn(scroll: ScrollState, model: GuideViewModel) {
    val most = snapshotFlow { scroll.maxValue }.first { it in 1..<Int.MAX_VALUE }
    scroll.scrollTo((model.place * most).toInt())
    snapshotFlow { scroll.value }.collect { model.at(it / scroll.maxValue.toFloat()) }
}

/** How reading aloud stands, and the part that it was at. */
data class Listening(val aloud: Aloud, val part: Int)

/** What can be done in a guide. */
class GuideActs(
    val onTick: (String, Boolean) -> Unit,
    val onFinish: () -> Unit,
    val onListen: (List<String>, Int) -> Unit,
    val onQuiet: () -> Unit,
    val onReach: (ReachedBy, String) -> Unit
)

/** One guide from the top to the bottom, with what its words stand on. */
@Composable
fun GuideScreen(
    loaded: Loaded<OpenGuide?>,
    listening: Listening,
    problem: CompanionException?,
    notReached: String?,
    around: Around,
    acts: GuideActs,
    scroll: ScrollState = rememberScrollState()
) {
    val open = (loaded as? Loaded.Here)?.value
    Page(open?.guide?.title ?: stringResource(R.string.guide_title), around, scroll = scroll) {
        when {
            loaded is Loaded.NotYet -> Loading(stringResource(R.string.opening))
            loaded is Loaded.Problem -> Notice(sentence(loaded.why.words), isProblem = true)
            open == null -> Text(stringResource(R.string.guide_gone))
            else -> Shown(open, listening, problem, notReached, acts)
        }
    }
}

@Composable
private fun Shown(
    open: OpenGuide,
    listening: Listening,
    problem: CompanionException?,
    notReached: String?,
    acts: GuideActs
) {
    val guide = open.guide
    val minutes = guide.minutesToRead.toInt()
    Quiet(pluralStringResource(R.plurals.guides_minutes, minutes, minutes))
    for (notice in guide.notices) Quiet(notice)
    ListenButtons(open, listening, acts)
    if (problem != null) Notice(sentence(problem.words), isProblem = true)
    ReachFailed(notReached)
    val sources = remember(guide) { sourcesOf(guide) }
    GuideBlocks(open, sources, acts)
    if (sources.isNotEmpty()) Sources(sources, acts.onReach)
    End(open, acts.onFinish)
}

@Composable
private fun ListenButtons(open: OpenGuide, listening: Listening, acts: GuideActs) {
    val parts = remember(open) { spokenOf(open) }
    when (listening.aloud) {
        is Aloud.NoVoice -> Unit

        is Aloud.Reading -> OtherButton(stringResource(R.string.guide_be_quiet), acts.onQuiet)

        is Aloud.Quiet -> {
            val minutes = open.guide.minutesToListen.toInt()
            val isBegun = listening.part in 1..<parts.size
            if (isBegun) {
                OtherButton(stringResource(R.string.guide_go_on_listening), { acts.onListen(parts, listening.part) })
            }
            val begin = if (isBegun) R.plurals.guide_listen_again else R.plurals.guide_listen
            OtherButton(pluralStringResource(begin, minutes, minutes), { acts.onListen(parts, 0) })
        }
    }
}

@Composable
private fun Sources(sources: List<NumberedSource>, onReach: (ReachedBy, String) -> Unit) {
    Panel {
        Heading(stringResource(R.string.guide_sources))
        for (one in sources) {
            val words = stringResource(R.string.guide_source, one.number, one.source.title)
            val address = one.source.address
            if (address == null) {
                Text(words, style = MaterialTheme.typography.bodyMedium)
            } else {
                LeadOut(words) { onReach(ReachedBy.Web, address) }
            }
        }
        Quiet(stringResource(R.string.guide_sources_open))
    }
}

@Composable
private fun End(open: OpenGuide, onFinish: () -> Unit) {
    val guide = open.guide
    when {
        !guide.progressIsKept -> Quiet(stringResource(R.string.guide_unseen))

        open.hearer == null -> Quiet(stringResource(R.string.guide_alone))

        else -> {
            if (guide.edition in guide.finished) {
                Notice(stringResource(R.string.guide_finished))
            } else {
                OtherButton(stringResource(R.string.guide_finish), onFinish)
            }
            Quiet(stringResource(R.string.guide_told, open.hearer))
        }
    }
}
