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
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.told
import org.kapcompanion.core.OutsideProviderView
import org.kapcompanion.core.TeamPersonView

/** Who is in the care team. */
@Composable
fun TeamRoute(around: Around, onGo: (String) -> Unit) {
    val model: TeamViewModel = viewModel(factory = TeamViewModel.Factory)
    val team by model.team.collectAsStateWithLifecycle()
    TeamScreen(team, around, onGo)
}

/** The clinic's people with what each may open, who outside is told something, and who can read what at all. */
@Composable
fun TeamScreen(loaded: Loaded<Team>, around: Around, onGo: (String) -> Unit) {
    Page(stringResource(R.string.team_title), around) {
        LoadedPart(loaded) { (team, openRequests) ->
            val clinic = team.clinic
            if (clinic == null) {
                Text(stringResource(R.string.team_nobody))
            } else {
                Heading(stringResource(R.string.team_at, clinic))
                if (team.people.isEmpty()) Text(stringResource(R.string.team_not_said))
            }
            for (person in team.people) Person(person)
            if (openRequests > 0) {
                Notice(pluralStringResource(R.plurals.team_requests, openRequests, openRequests))
            }
            Heading(stringResource(R.string.team_outside))
            if (team.outside.isEmpty()) Text(stringResource(R.string.team_outside_nobody))
            for (provider in team.outside) Outside(provider)
            if (clinic != null) {
                OtherButton(stringResource(R.string.releases_title), { onGo(TeamPlaces.RELEASES) })
                OtherButton(stringResource(R.string.looks_title), { onGo(TeamPlaces.LOOKS) })
            }
            Heading(stringResource(R.string.team_who_can_read))
            for (line in team.whoCanRead) Quiet(line)
        }
    }
}

@Composable
private fun Person(person: TeamPersonView) {
    Panel {
        Text(person.name, style = MaterialTheme.typography.titleMedium)
        Text(listOfNotNull(person.role, person.part).filter(String::isNotBlank).joinToString(" · "))
        val sections = person.sections
        Quiet(
            when {
                sections != null -> stringResource(R.string.team_opens, named(sections))
                person.isListed -> stringResource(R.string.team_opens_unknown)
                else -> stringResource(R.string.team_not_listed)
            }
        )
        val looked = person.lastLooked
        Quiet(
            if (looked == null) {
                stringResource(R.string.team_never_looked)
            } else {
                stringResource(R.string.team_last_looked, told(looked))
            }
        )
    }
}

@Composable
private fun Outside(provider: OutsideProviderView) {
    Panel {
        Text(provider.name, style = MaterialTheme.typography.titleMedium)
        Text(listOf(provider.what, provider.contact).filter(String::isNotBlank).joinToString(" · "))
        for (release in provider.releases) {
            Quiet(standingOf(release.standing))
            if (release.standing.isOpen) {
                Quiet(stringResource(R.string.release_parts, named(release.sections)))
                Quiet(stringResource(R.string.release_until, told(release.until)))
            }
        }
    }
}
