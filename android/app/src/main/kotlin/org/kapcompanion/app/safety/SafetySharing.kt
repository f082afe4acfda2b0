package org.kapcompanion.app.safety

import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import org.kapcompanion.app.R
import org.kapcompanion.app.help.whoReads
import org.kapcompanion.app.ui.AskedOnce
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.app.ui.SwitchRow
import org.kapcompanion.app.ui.readersOf
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.whereItIs
import org.kapcompanion.core.HelpChoiceView
import org.kapcompanion.core.SafetyPlanView
import org.kapcompanion.core.WrittenBy
import org.kapcompanion.core.WrittenView

/** Who reads the plan, where it is, and how that is changed. */
@Composable
internal fun PlanSharing(safety: Safety, acts: SafetyActs) {
    val plan = safety.plan
    Panel {
        Heading(stringResource(R.string.safety_who_reads))
        if (plan == null) {
            Text(stringResource(R.string.safety_none))
            return@Panel
        }
        Standing(plan, safety)
        when {
            plan.head.isShared -> {
                if (safety.onlyHere.isNotEmpty()) OtherButton(stringResource(R.string.safety_share_all), acts.onShare)
                AskedOnce(
                    stringResource(R.string.take_back),
                    stringResource(R.string.safety_take_back_means),
                    stringResource(R.string.take_back_sure),
                    acts.onTakeBack
                )
            }

            safety.sharing == Sharing.OFFERED -> {
                Quiet(stringResource(R.string.safety_share_means))
                OtherButton(stringResource(R.string.safety_share), acts.onShare)
            }

            safety.sharing == Sharing.QUIET_HOURS -> Quiet(stringResource(R.string.readers_quiet_hours))

            else -> Quiet(stringResource(R.string.readers_nobody_yet))
        }
    }
}

@Composable
private fun Standing(plan: SafetyPlanView, safety: Safety) {
    Quiet(stringResource(R.string.entry_readers, readersOf(plan.head, plan.visibility)))
    Quiet(stringResource(R.string.entry_where, whereItIs(plan.head.delivery)))
    safety.lastWritten?.let { Quiet(lastWritten(it)) }
    if (plan.head.isShared) Quiet(whoReads(safety.readership))
}

@Composable
private fun lastWritten(last: WrittenView): String = when {
    last.side == WrittenBy.PATIENT -> stringResource(R.string.safety_written_by_you, told(last.at))
    last.by.isBlank() -> stringResource(R.string.safety_written_by_clinic, told(last.at))
    else -> stringResource(R.string.safety_written_by, last.by, told(last.at))
}

/** What anybody who has this phone can read. */
@Composable
internal fun Unlocked(safety: Safety, onChoose: (HelpChoiceView) -> Unit) {
    val choice = safety.unlocked
    Panel {
        Heading(stringResource(R.string.unlocked_title))
        SwitchRow(
            stringResource(R.string.unlocked_people),
            choice.people,
            stringResource(R.string.unlocked_people_means)
        ) { onChoose(choice.copy(people = it)) }
        SwitchRow(
            stringResource(R.string.unlocked_clinic),
            choice.clinicName,
            stringResource(R.string.unlocked_clinic_means)
        ) { onChoose(choice.copy(clinicName = it)) }
    }
}

/** The clinic's own card of whom to call. */
@Composable
internal fun SupportCard(safety: Safety) {
    val card = safety.card
    Panel {
        Heading(stringResource(R.string.card_title))
        Text(stringResource(R.string.card_means))
        if (card == null) {
            Quiet(stringResource(R.string.card_none))
        } else {
            if (card.clinicNumber.isNotBlank()) Text(stringResource(R.string.card_clinic, card.clinicNumber))
            for (line in card.lines) Text(stringResource(R.string.card_line, line.label, line.number))
            Quiet(stringResource(R.string.card_by, card.by, told(card.at)))
        }
        Quiet(stringResource(R.string.card_who_sees))
    }
}
