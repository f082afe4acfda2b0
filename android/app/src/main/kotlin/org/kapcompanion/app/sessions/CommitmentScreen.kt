package org.kapcompanion.app.sessions

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.AskedOnce
import org.kapcompanion.app.ui.BottomAction
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.OneOf
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.WordsField
import org.kapcompanion.app.ui.readersOf
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.app.ui.whereItIs
import org.kapcompanion.core.CommitmentView
import org.kapcompanion.core.WhoReads

/** What can be done about who reads it. */
data class SharingActs(
    val onShare: (WhoReads) -> Unit = {},
    val onTakeBack: () -> Unit = {},
    val onDelete: () -> Unit = {}
)

/** One thing that was agreed on. */
@Composable
fun CommitmentRoute(id: UUID, around: Around, onGone: () -> Unit) {
    val model: CommitmentViewModel = viewModel(key = "commitment-$id", factory = CommitmentViewModel.factory(id))
    val commitment by model.commitment.collectAsStateWithLifecycle()
    val draft by model.draft.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    val isGone by model.isGone.collectAsStateWithLifecycle()
    LaunchedEffect(isGone) { if (isGone) onGone() }
    if (isGone) return
    CommitmentScreen(
        commitment,
        draft,
        saving,
        around,
        onType = model::type,
        onSave = model::save,
        SharingActs(model::share, model::takeBack, model::delete)
    )
}

/** What it says, what became of it, and who reads it. */
@Composable
fun CommitmentScreen(
    loaded: Loaded<OneAgreed>,
    draft: BecameDraft,
    saving: Saving,
    around: Around,
    onType: (BecameDraft) -> Unit,
    onSave: () -> Unit,
    acts: SharingActs
) {
    val isChanged = draft != BecameDraft() && saving !is Saving.Now
    Page(stringResource(R.string.commitment_title), around, bottom = {
        BottomAction(stringResource(R.string.save), onSave, isChanged)
    }) {
        LoadedPart(loaded) { one ->
            val commitment = one.commitment
            WhyNot(saving)
            Heading(commitment.text)
            commitment.reviewOn?.let { Quiet(stringResource(R.string.agreed_look_again, toldCalendarDay(it))) }
            Panel {
                Heading(stringResource(R.string.became_title))
                OneOf(BecameChoices.map { it to became(it) }, draft.became ?: commitment.became) {
                    onType(draft.copy(became = it))
                }
                val isOther = draft.became != null && draft.became != commitment.became
                val stands = if (isOther) "" else commitment.becameWords
                WordsField(
                    stringResource(R.string.became_words),
                    draft.words ?: stands,
                    { onType(draft.copy(words = it)) },
                    lines = 2
                )
                Quiet(stringResource(R.string.became_means))
            }
            WhoReadsIt(one, acts)
        }
    }
}

@Composable
private fun WhoReadsIt(one: OneAgreed, acts: SharingActs) {
    val commitment = one.commitment
    Panel {
        Quiet(stringResource(R.string.entry_readers, readersOf(commitment.head, commitment.visibility)))
        Quiet(stringResource(R.string.entry_where, whereItIs(commitment.head.delivery)))
        Shares(commitment, one.sharing, acts)
        if (commitment.head.isShared) {
            AskedOnce(
                stringResource(R.string.sessions_take_back),
                sentence(one.remains.onceTakenBack),
                stringResource(R.string.sessions_take_back_yes),
                acts.onTakeBack
            )
        }
        AskedOnce(
            stringResource(R.string.sessions_delete),
            sentence(one.remains.onceDeleted),
            stringResource(R.string.sessions_delete_yes),
            acts.onDelete
        )
    }
}

@Composable
private fun Shares(commitment: CommitmentView, sharing: Sharing, acts: SharingActs) {
    if (sharing != Sharing.OFFERED) return
    if (!commitment.head.isShared) {
        OtherButton(stringResource(R.string.sessions_share_team), { acts.onShare(WhoReads.CARE_TEAM) })
    }
    if (!commitment.head.isShared || commitment.visibility != WhoReads.TALK_IN_SESSION) {
        OtherButton(stringResource(R.string.sessions_share_talk), { acts.onShare(WhoReads.TALK_IN_SESSION) })
    }
}
