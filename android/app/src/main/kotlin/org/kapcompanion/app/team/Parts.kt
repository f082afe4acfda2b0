package org.kapcompanion.app.team

import androidx.annotation.StringRes
import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.told
import org.kapcompanion.core.RecordPart
import org.kapcompanion.core.ReleaseStanding

/** What a part of the record is called. */
@StringRes
internal fun nameOf(part: RecordPart): Int = when (part) {
    RecordPart.JOURNAL -> R.string.part_journal
    RecordPart.CHECK_INS -> R.string.part_check_ins
    RecordPart.MEASURES -> R.string.part_measures
    RecordPart.SAFETY -> R.string.part_safety
    RecordPart.MEDICINES -> R.string.part_medicines
    RecordPart.ASSESSMENT -> R.string.part_assessment
    RecordPart.PROGRAMME -> R.string.part_programme
    RecordPart.MEDICINE_GIVEN -> R.string.part_medicine_given
    RecordPart.COSTS -> R.string.part_costs
    RecordPart.GOALS -> R.string.part_goals
}

/** Parts of the record in one line. */
@Composable
internal fun named(parts: List<RecordPart>): String = when {
    parts.isEmpty() -> stringResource(R.string.part_none)
    parts.containsAll(RecordPart.entries) -> stringResource(R.string.part_all)
    else -> parts.map { stringResource(nameOf(it)) }.joinToString()
}

/** How a release stands now, as a sentence. */
@Composable
internal fun standingOf(standing: ReleaseStanding): String = when (standing) {
    is ReleaseStanding.Live -> stringResource(R.string.release_live)
    is ReleaseStanding.NotBegun -> stringResource(R.string.release_not_begun, told(standing.from))
    is ReleaseStanding.Expired -> stringResource(R.string.release_expired, told(standing.until))
    is ReleaseStanding.TakenBack -> stringResource(R.string.release_taken_back, told(standing.at))
    is ReleaseStanding.EndedWithProgramme -> stringResource(R.string.release_ended_with_program)
    is ReleaseStanding.EndedWithAccount -> stringResource(R.string.release_ended_with_account)
    is ReleaseStanding.ProgrammeUnknown -> stringResource(R.string.release_program_unknown)
    is ReleaseStanding.InTwoWordings -> stringResource(R.string.release_two_wordings)
    is ReleaseStanding.NothingLeft -> stringResource(R.string.release_nothing_left)
}

/** Whether something may still be told by it, now or later. */
internal val ReleaseStanding.isOpen: Boolean
    get() = this is ReleaseStanding.Live || this is ReleaseStanding.NotBegun || this is ReleaseStanding.InTwoWordings
