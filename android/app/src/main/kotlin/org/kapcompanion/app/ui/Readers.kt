package org.kapcompanion.app.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import org.kapcompanion.app.R
import org.kapcompanion.core.PairingStanding
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.WhoReads

/** Whether what is written now can be shared. */
enum class Sharing {
    /** It can. */
    OFFERED,

    /** There is nobody to share with: the phone is not paired. */
    NOBODY_YET,

    /** It is the day of a session, or its quiet hours. */
    QUIET_HOURS
}

/** Whether something can be shared now, as the core says. */
suspend fun sharingOf(record: PhoneRecord): Sharing = when {
    record.sessionDay()?.offers?.sharing == false -> Sharing.QUIET_HOURS
    record.status().pairing is PairingStanding.Paired -> Sharing.OFFERED
    else -> Sharing.NOBODY_YET
}

/** Who may read what is being written, or why nobody else may yet. */
@Composable
fun Readers(sharing: Sharing?, chosen: WhoReads, onChoose: (WhoReads) -> Unit) {
    when (sharing) {
        null -> Unit
        Sharing.OFFERED -> ReadersChoice(chosen, onChoose)
        Sharing.NOBODY_YET -> Quiet(stringResource(R.string.readers_nobody_yet))
        Sharing.QUIET_HOURS -> Quiet(stringResource(R.string.readers_quiet_hours))
    }
}

/** Who may read what is being written: said in words, each with what it means. */
@Composable
private fun ReadersChoice(chosen: WhoReads, onChoose: (WhoReads) -> Unit) {
    Column(Modifier.selectableGroup()) {
        Heading(stringResource(R.string.readers_title))
        Choice(R.string.readers_me, R.string.readers_me_means, chosen == WhoReads.ONLY_ME) {
            onChoose(WhoReads.ONLY_ME)
        }
        Choice(R.string.readers_team, R.string.readers_team_means, chosen == WhoReads.CARE_TEAM) {
            onChoose(WhoReads.CARE_TEAM)
        }
        Choice(R.string.readers_talk, R.string.readers_talk_means, chosen == WhoReads.TALK_IN_SESSION) {
            onChoose(WhoReads.TALK_IN_SESSION)
        }
    }
}

@Composable
private fun Choice(name: Int, means: Int, isChosen: Boolean, onChoose: () -> Unit) {
    Row(
        Modifier
            .fillMaxWidth()
            .selectable(isChosen, role = Role.RadioButton, onClick = onChoose)
            .heightIn(min = 56.dp)
            .padding(vertical = 4.dp),
        verticalAlignment = Alignment.CenterVertically
    ) {
        RadioButton(isChosen, onClick = null, Modifier.padding(12.dp))
        Column {
            Text(stringResource(name), style = MaterialTheme.typography.bodyLarge)
            Quiet(stringResource(means))
        }
    }
}
