package org.kapcompanion.app.dosing

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around

private val Widest = 420.dp

/** During a session: one sentence, and help. No tabs, no notice, no color, and little light. */
@Composable
fun DuringScreen(around: Around) {
    DimWindow()
    QuietTheme {
        OneSentence(
            stringResource(R.string.during_sentence),
            around,
            back = stringResource(R.string.back),
            onBack = around.onBack
        )
    }
}

/** Somebody rests after a session: the same, until they go on. */
@Composable
fun RestScreen(around: Around, onBack: () -> Unit) {
    DimWindow()
    QuietTheme {
        OneSentence(stringResource(R.string.rest_sentence), around, stringResource(R.string.rest_end), onBack)
    }
}

@Composable
private fun OneSentence(sentence: String, around: Around, back: String, onBack: (() -> Unit)?) {
    Surface(Modifier.fillMaxSize(), color = MaterialTheme.colorScheme.background) {
        Column(
            Modifier.safeDrawingPadding().verticalScroll(rememberScrollState()).padding(24.dp),
            verticalArrangement = Arrangement.spacedBy(48.dp, Alignment.CenterVertically),
            horizontalAlignment = Alignment.CenterHorizontally
        ) {
            Text(
                sentence,
                Modifier.widthIn(max = Widest).semantics { heading() },
                style = MaterialTheme.typography.headlineSmall,
                textAlign = TextAlign.Center
            )
            around.onHelp?.let {
                OutlinedButton(
                    it,
                    Modifier.widthIn(max = Widest).fillMaxWidth().heightIn(min = 72.dp),
                    border = BorderStroke(1.dp, MaterialTheme.colorScheme.outline)
                ) {
                    Text(stringResource(R.string.help_now), style = MaterialTheme.typography.titleMedium)
                }
            }
            if (onBack != null) TextButton(onBack, Modifier.heightIn(min = 64.dp)) { Text(back) }
        }
    }
}
