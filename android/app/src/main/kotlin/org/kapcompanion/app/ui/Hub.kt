package org.kapcompanion.app.ui

import androidx.annotation.StringRes
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Card
import androidx.compose.material3.CardDefaults
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import org.kapcompanion.app.R
import org.kapcompanion.app.devices.DevicePlaces
import org.kapcompanion.app.leaving.LeavingPlaces
import org.kapcompanion.app.program.ProgramPlaces
import org.kapcompanion.app.sessions.SessionPlaces
import org.kapcompanion.app.settings.SettingsPlaces
import org.kapcompanion.app.sharing.SharingPlaces
import org.kapcompanion.app.team.TeamPlaces

/** Leads to a page, and says what is there. */
data class Lead(val place: String, @StringRes val title: Int, @StringRes val means: Int? = null)

/** Pages that belong together. */
data class Leads(@StringRes val title: Int, val leads: List<Lead>)

/** A page that leads to others. */
@Composable
fun HubScreen(title: String, groups: List<Leads>, around: Around, onGo: (String) -> Unit) {
    Page(title, around) {
        for (group in groups) LeadGroup(group, onGo)
    }
}

@Composable
private fun LeadGroup(group: Leads, onGo: (String) -> Unit) {
    Heading(stringResource(group.title))
    LeadCard(group.leads, onGo)
}

/** Leads, one below the other. */
@Composable
fun LeadCard(leads: List<Lead>, onGo: (String) -> Unit) {
    Card(
        Modifier.fillMaxWidth(),
        colors = CardDefaults.cardColors(containerColor = MaterialTheme.colorScheme.surfaceContainerLow)
    ) {
        for ((index, lead) in leads.withIndex()) {
            if (index > 0) HorizontalDivider(color = MaterialTheme.colorScheme.outlineVariant)
            LeadRow(lead, onGo)
        }
    }
}

@Composable
private fun LeadRow(lead: Lead, onGo: (String) -> Unit) {
    Column(
        Modifier
            .fillMaxWidth()
            .clickable(role = Role.Button) { onGo(lead.place) }
            .heightIn(min = 56.dp)
            .padding(horizontal = 16.dp, vertical = 12.dp),
        verticalArrangement = Arrangement.Center
    ) {
        Text(stringResource(lead.title), style = MaterialTheme.typography.bodyLarge)
        lead.means?.let { Quiet(stringResource(it)) }
    }
}

/** What the clinic and the person do together: sessions, guides, questionnaires and what was agreed on. */
@Composable
fun ProgramScreen(around: Around, onGo: (String) -> Unit) =
    HubScreen(stringResource(R.string.program_title), ProgramLeads, around, onGo)

/** The person's own: their plan, who reads what, their phones, and how this phone behaves. */
@Composable
fun YouScreen(around: Around, onGo: (String) -> Unit) =
    HubScreen(stringResource(R.string.you_title), YouLeads, around, onGo)

private val ProgramLeads: List<Leads> = listOf(
    Leads(
        R.string.program_sessions,
        listOf(
            Lead(SessionPlaces.SESSIONS, R.string.sessions_title, R.string.sessions_lead_means),
            Lead(SessionPlaces.NEXT, R.string.next_title, R.string.next_lead_means),
            Lead(SessionPlaces.AGREED, R.string.agreed_title, R.string.agreed_lead_means),
            Lead(SessionPlaces.REPLIES, R.string.replies_title, R.string.replies_lead_means)
        )
    ),
    Leads(
        R.string.program_prepare,
        listOf(
            Lead(ProgramPlaces.GUIDES, R.string.guides_title, R.string.guides_means),
            Lead(ProgramPlaces.MEASURES, R.string.measures_title, R.string.measures_means)
        )
    ),
    Leads(
        R.string.program_together,
        listOf(
            Lead(ProgramPlaces.ASSESSMENT, R.string.assessment_title, R.string.assessment_means),
            Lead(ProgramPlaces.COSTS, R.string.costs_title, R.string.costs_means),
            Lead(ProgramPlaces.MEDICINES, R.string.medicines_title, R.string.medicines_means)
        )
    )
)

private val YouLeads: List<Leads> = listOf(
    Leads(
        R.string.you_care,
        listOf(
            Lead(Places.HELP, R.string.help_title, R.string.you_help_means),
            Lead(ProgramPlaces.SAFETY, R.string.safety_title, R.string.safety_means)
        )
    ),
    Leads(
        R.string.you_reminders,
        listOf(Lead(SessionPlaces.REMINDERS, R.string.reminders_title, R.string.reminders_lead_means))
    ),
    Leads(
        R.string.you_sharing,
        listOf(
            Lead(SharingPlaces.SHARED, R.string.shared_title, R.string.shared_lead),
            Lead(TeamPlaces.TEAM, R.string.team_title, R.string.team_lead),
            Lead(TeamPlaces.LOOKS, R.string.looks_title, R.string.looks_lead),
            Lead(Places.CHECK_INS, R.string.said_title, R.string.said_means),
            Lead(SharingPlaces.WORDINGS, R.string.wordings_title, R.string.wordings_lead)
        )
    ),
    Leads(
        R.string.you_phones,
        listOf(
            Lead(DevicePlaces.DEVICES, R.string.devices_title, R.string.devices_lead),
            Lead(DevicePlaces.RECOVERY, R.string.recovery_title, R.string.recovery_lead)
        )
    ),
    Leads(
        R.string.you_settings,
        listOf(
            Lead(SettingsPlaces.SETTINGS, R.string.settings_title, R.string.settings_lead),
            Lead(Places.LOCK, R.string.lock_settings_title, R.string.lock_settings_lead)
        )
    ),
    Leads(
        R.string.you_leaving,
        listOf(
            Lead(LeavingPlaces.EXPORT, R.string.export_title, R.string.export_lead),
            Lead(LeavingPlaces.END, R.string.end_title, R.string.end_lead)
        )
    )
)
