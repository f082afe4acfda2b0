package org.kapcompanion.app.team

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.BottomAction
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.whereItIs
import org.kapcompanion.core.ReleaseNowView
import org.kapcompanion.core.RequestNowView
import org.kapcompanion.core.RequestOutcome
import org.kapcompanion.core.ToldView

/** What somebody outside may be told. */
@Composable
fun ReleasesRoute(around: Around, onGo: (String) -> Unit) {
    val model: ReleasesViewModel = viewModel(factory = ReleasesViewModel.Factory)
    val releases by model.releases.collectAsStateWithLifecycle()
    ReleasesScreen(releases, around, onGo)
}

/** What the clinic asks for first, then what was allowed, then what was told. */
@Composable
fun ReleasesScreen(loaded: Loaded<Releases>, around: Around, onGo: (String) -> Unit) {
    Page(stringResource(R.string.releases_title), around, bottom = {
        BottomAction(stringResource(R.string.release_give), { onGo(TeamPlaces.GIVE) })
    }) {
        LoadedPart(loaded) { (requests, given, told) ->
            Text(stringResource(R.string.releases_means))
            val open = requests.filter { it.outcome is RequestOutcome.Open }
            if (open.isNotEmpty()) Heading(stringResource(R.string.requests_title))
            for (request in open) Request(request, onGo)
            Heading(stringResource(R.string.releases_given))
            if (given.isEmpty()) Text(stringResource(R.string.releases_none))
            for (release in given) Given(release, onGo)
            if (told.isNotEmpty()) Heading(stringResource(R.string.told_title))
            for (one in told) Told(one)
        }
    }
}

@Composable
private fun Request(request: RequestNowView, onGo: (String) -> Unit) {
    Panel {
        Text(request.terms.provider, style = MaterialTheme.typography.titleMedium)
        Text(stringResource(R.string.request_by, request.by, told(request.at)))
        Quiet(stringResource(R.string.release_parts, named(request.terms.sections)))
        OtherButton(stringResource(R.string.request_answer), { onGo(TeamPlaces.request(request.id)) })
    }
}

@Composable
private fun Given(release: ReleaseNowView, onGo: (String) -> Unit) {
    Panel {
        Text(release.terms.provider, style = MaterialTheme.typography.titleMedium)
        Text(standingOf(release.standing))
        Quiet(stringResource(R.string.release_parts, named(release.sections)))
        Quiet(stringResource(R.string.release_until, told(release.until)))
        Quiet(stringResource(R.string.entry_where, whereItIs(release.delivery)))
        OtherButton(stringResource(R.string.release_look), { onGo(TeamPlaces.release(release.id)) })
    }
}

@Composable
private fun Told(one: ToldView) {
    Panel {
        Text(one.provider, style = MaterialTheme.typography.titleMedium)
        Text(stringResource(R.string.told_by, one.by, told(one.at)))
        Quiet(stringResource(R.string.release_parts, named(one.sections)))
        Quiet(pluralStringResource(R.plurals.told_documents, one.documents.size, one.documents.size))
    }
}
