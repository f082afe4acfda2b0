package org.kapcompanion.app.devices

import androidx.compose.foundation.text.selection.DisableSelection
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import org.kapcompanion.app.R
import org.kapcompanion.app.record.Reached
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.app.ui.told
import org.kapcompanion.core.InvitationView
import org.kapcompanion.core.NewcomerView
import org.kapcompanion.core.words

/** A second phone. */
@Composable
fun AddPhoneRoute(around: Around) {
    val model: AddPhoneViewModel = viewModel(factory = AddPhoneViewModel.Factory)
    val invitation by model.invitation.collectAsStateWithLifecycle()
    val newcomers by model.newcomers.collectAsStateWithLifecycle()
    val reached by model.reached.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    val answer by model.answer.collectAsStateWithLifecycle()
    AddPhoneScreen(
        Adding(invitation, (newcomers as? Loaded.Here)?.value.orEmpty(), reached, saving, answer),
        around,
        onInvite = model::invite,
        onAskAgain = model::askAgain,
        onLetIn = model::letIn,
        onTurnAway = model::turnAway
    )
}

/** How far adding a phone got. */
data class Adding(
    val invitation: InvitationView? = null,
    val newcomers: List<NewcomerView> = emptyList(),
    val reached: Reached = Reached.Nobody,
    val saving: Saving = Saving.Not,
    val answer: Answer = Answer.NONE
)

/** The link as a code and as text; then the words to compare; then the other phone is in. */
@Composable
fun AddPhoneScreen(
    adding: Adding,
    around: Around,
    onInvite: () -> Unit,
    onAskAgain: () -> Unit,
    onLetIn: (NewcomerView) -> Unit,
    onTurnAway: (NewcomerView) -> Unit
) {
    Page(stringResource(R.string.add_title), around) {
        val isReady = adding.saving !is Saving.Now
        WhyNot(adding.saving)
        when (adding.answer) {
            Answer.LET_IN -> Notice(stringResource(R.string.add_let_in_done))
            Answer.TURNED_AWAY -> Notice(stringResource(R.string.add_turned_away))
            Answer.NONE -> Unit
        }
        for (newcomer in adding.newcomers) Newcomer(newcomer, isReady, onLetIn, onTurnAway)
        if (adding.reached is Reached.NotNow) Notice(sentence(adding.reached.why.words), isProblem = true)
        val invitation = adding.invitation
        if (adding.newcomers.isEmpty() && invitation != null) Link(invitation)
        if (adding.newcomers.any { it.compareWords == null } || invitation != null) {
            OtherButton(stringResource(R.string.wait_ask_again), onAskAgain)
        }
        if (adding.newcomers.isEmpty() && invitation == null) {
            Text(stringResource(R.string.add_how))
            Quiet(stringResource(R.string.add_opens_all))
            MainButton(stringResource(R.string.add_make_link), onInvite, enabled = isReady)
        }
    }
}

@Composable
private fun Link(invitation: InvitationView) {
    Text(stringResource(R.string.add_scan))
    QrCode(invitation.link, stringResource(R.string.add_code))
    Panel {
        DisableSelection {
            Text(
                invitation.link,
                style = MaterialTheme.typography.bodyMedium,
                fontFamily = FontFamily.Monospace
            )
        }
    }
    Quiet(stringResource(R.string.add_until, told(invitation.expiresAt)))
    if (invitation.earlierIsGood) Quiet(stringResource(R.string.add_earlier))
    Quiet(stringResource(R.string.add_opens_all))
}

@Composable
private fun Newcomer(
    newcomer: NewcomerView,
    isReady: Boolean,
    onLetIn: (NewcomerView) -> Unit,
    onTurnAway: (NewcomerView) -> Unit
) {
    Heading(stringResource(R.string.add_came, told(newcomer.cameAt)))
    val words = newcomer.compareWords
    when {
        newcomer.isConfirmed -> Text(stringResource(R.string.add_broke_off))

        words == null -> Text(stringResource(R.string.add_words_to_come))

        else -> {
            Text(stringResource(R.string.add_same_words))
            val aloud = stringResource(R.string.compare_aloud, words.joinToString())
            Panel(Modifier.semantics(mergeDescendants = true) { contentDescription = aloud }) {
                for (word in words) {
                    Text(word, style = MaterialTheme.typography.headlineMedium, fontWeight = FontWeight.SemiBold)
                }
            }
            MainButton(stringResource(R.string.add_let_in), { onLetIn(newcomer) }, enabled = isReady)
        }
    }
    OtherButton(stringResource(R.string.add_turn_away), { if (isReady) onTurnAway(newcomer) })
    Quiet(stringResource(R.string.add_differ))
}
