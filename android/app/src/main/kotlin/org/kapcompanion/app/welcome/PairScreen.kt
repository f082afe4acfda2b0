package org.kapcompanion.app.welcome

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import org.kapcompanion.app.R
import org.kapcompanion.app.record.Reached
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.BottomAction
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Loading
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.core.CompareWith
import org.kapcompanion.core.PairingStanding
import org.kapcompanion.core.words

/** Pairing, as far as it got. */
@Composable
fun PairRoute(
    around: Around,
    onDone: () -> Unit,
    model: PairingViewModel = viewModel(factory = PairingViewModel.Factory)
) {
    val standing by model.standing.collectAsStateWithLifecycle()
    val link by model.link.collectAsStateWithLifecycle()
    val trying by model.trying.collectAsStateWithLifecycle()
    val reached by model.reached.collectAsStateWithLifecycle()
    when (val loaded = standing) {
        is Loaded.NotYet -> Page(stringResource(R.string.pair_title), around) {
            Loading(stringResource(R.string.opening))
        }

        is Loaded.Problem -> Page(stringResource(R.string.pair_title), around) {
            Notice(sentence(loaded.why.words), isProblem = true)
        }

        is Loaded.Here -> when (val pairing = loaded.value.pairing) {
            is PairingStanding.Alone -> LinkScreen(link, trying, around, model::type, model::pair)

            is PairingStanding.Waiting -> WaitingScreen(
                loaded.value.clinic.orEmpty(),
                pairing,
                reached,
                around,
                onAskAgain = model::askAgain,
                onMeanwhile = onDone
            )

            else -> PairedScreen(loaded.value.clinic.orEmpty(), pairing, around, onDone)
        }
    }
}

/** Where the link goes. */
@Composable
fun LinkScreen(link: String, trying: Trying, around: Around, onType: (String) -> Unit, onPair: () -> Unit) {
    val isReady = link.isNotBlank() && trying !is Trying.Now
    Page(
        stringResource(R.string.pair_title),
        around,
        bottom = {
            val words = if (trying is Trying.Now) R.string.pair_trying else R.string.pair_go
            BottomAction(stringResource(words), onPair, isReady)
        }
    ) {
        Text(stringResource(R.string.pair_how))
        OutlinedTextField(
            link,
            onType,
            Modifier.fillMaxWidth(),
            label = { Text(stringResource(R.string.pair_link)) },
            isError = trying is Trying.Failed,
            keyboardOptions = KeyboardOptions(
                capitalization = KeyboardCapitalization.None,
                autoCorrectEnabled = false,
                keyboardType = KeyboardType.Uri,
                imeAction = ImeAction.Done
            ),
            keyboardActions = KeyboardActions(onDone = { if (isReady) onPair() }),
            maxLines = 4
        )
        if (trying is Trying.Failed) Notice(sentence(trying.why.words), isProblem = true)
        Quiet(stringResource(R.string.pair_what_follows))
    }
}

/** The words, or the wait for them. */
@Composable
fun WaitingScreen(
    clinic: String,
    waiting: PairingStanding.Waiting,
    reached: Reached,
    around: Around,
    onAskAgain: () -> Unit,
    onMeanwhile: () -> Unit
) {
    val words = waiting.compareWords
    Page(
        stringResource(if (words == null) R.string.wait_title else R.string.compare_title),
        around,
        bottom = { BottomAction(stringResource(R.string.wait_meanwhile), onMeanwhile) }
    ) {
        if (words == null) {
            Text(stringResource(R.string.wait_how, clinic))
        } else {
            Text(
                when (waiting.compareWith) {
                    CompareWith.CLINIC -> stringResource(R.string.compare_with_clinic, clinic)
                    CompareWith.OWN_PHONE -> stringResource(R.string.compare_with_phone)
                    CompareWith.NOBODY -> stringResource(R.string.compare_with_nobody)
                }
            )
            ComparedWords(words)
            Quiet(stringResource(R.string.compare_differ))
        }
        if (reached is Reached.NotNow) Notice(sentence(reached.why.words), isProblem = true)
        OtherButton(stringResource(R.string.wait_ask_again), onAskAgain)
        Quiet(stringResource(R.string.wait_kept))
    }
}

/** Large, one below the other, and read aloud as one. */
@Composable
private fun ComparedWords(words: List<String>) {
    val aloud = stringResource(R.string.compare_aloud, words.joinToString())
    Panel(Modifier.semantics(mergeDescendants = true) { contentDescription = aloud }) {
        for (word in words) {
            Text(word, style = MaterialTheme.typography.headlineMedium, fontWeight = FontWeight.SemiBold)
        }
    }
}

/** It is in, or will not be. */
@Composable
fun PairedScreen(clinic: String, pairing: PairingStanding, around: Around, onDone: () -> Unit) {
    val isIn = pairing is PairingStanding.Paired
    Page(
        stringResource(if (isIn) R.string.paired_title else R.string.not_paired_title),
        around,
        bottom = { BottomAction(stringResource(R.string.go_on), onDone) }
    ) {
        Text(
            when (pairing) {
                is PairingStanding.Paired -> stringResource(R.string.paired_with, clinic)
                is PairingStanding.NotLetIn -> stringResource(R.string.not_let_in, clinic)
                is PairingStanding.Removed -> stringResource(R.string.removed)
                else -> stringResource(R.string.ended)
            },
            Modifier.heightIn(min = 24.dp)
        )
        Quiet(stringResource(if (isIn) R.string.paired_shares else R.string.stays_here))
    }
}
