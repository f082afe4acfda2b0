package org.kapcompanion.app.attach

import android.Manifest.permission.RECORD_AUDIO
import android.content.pm.PackageManager.PERMISSION_GRANTED
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.compose.LifecycleEventEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import kotlinx.coroutines.delay
import org.kapcompanion.app.R
import org.kapcompanion.app.companion
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.core.words

private const val SECOND_MS = 1000L

/** Takes down a voice: the button, what happens, and what went wrong. Leaving the page or the app ends it, and keeps it. */
@Composable
internal fun VoiceOf(
    taker: VoiceTaker,
    button: @Composable (String, () -> Unit) -> Unit = { words, onTap -> OtherButton(words, onTap) }
) {
    val voice by taker.voice.collectAsStateWithLifecycle()
    val begin = rememberMicrophone(onDenied = taker::denied, onAllowed = taker::begin)
    LifecycleEventEffect(Lifecycle.Event.ON_STOP) { taker.end() }
    // Leaving the page ends it as well: nothing records that nobody sees.
    DisposableEffect(taker) { onDispose { taker.end() } }
    var seconds by remember { mutableIntStateOf(0) }
    LaunchedEffect(voice is Voice.Recording) {
        seconds = 0
        while (voice is Voice.Recording) {
            delay(SECOND_MS)
            seconds += 1
        }
    }
    VoicePanel(voice, seconds, begin, taker::end, taker::discard, taker::tryAgain, button)
}

/** One button while nothing happens; a panel while something does. */
@Composable
fun VoicePanel(
    voice: Voice,
    seconds: Int,
    onBegin: () -> Unit,
    onEnd: () -> Unit,
    onDiscard: () -> Unit,
    onTryAgain: () -> Unit,
    button: @Composable (String, () -> Unit) -> Unit = { words, onTap -> OtherButton(words, onTap) }
) {
    when (voice) {
        is Voice.Recording -> Listening(seconds, onEnd, onDiscard)

        is Voice.Keeping -> Notice(stringResource(R.string.voice_keeping))

        is Voice.NotKept -> Panel {
            Notice(sentence(voice.why.words), isProblem = true)
            Quiet(stringResource(R.string.voice_not_kept))
            MainButton(stringResource(R.string.try_again), onTryAgain)
            OtherButton(stringResource(R.string.voice_discard), onDiscard)
        }

        else -> {
            said(voice)?.let { Notice(stringResource(it), isProblem = voice !is Voice.Kept) }
            button(stringResource(R.string.voice_begin), onBegin)
        }
    }
}

private fun said(voice: Voice): Int? = when (voice) {
    is Voice.Kept -> R.string.voice_kept
    is Voice.Denied -> R.string.voice_denied
    is Voice.NoMicrophone -> R.string.voice_no_microphone
    is Voice.Nothing -> R.string.voice_nothing
    else -> null
}

@Composable
private fun Listening(seconds: Int, onEnd: () -> Unit, onDiscard: () -> Unit) {
    Panel {
        Text(
            stringResource(R.string.voice_listens),
            Modifier.semantics { liveRegion = LiveRegionMode.Polite },
            style = MaterialTheme.typography.titleMedium
        )
        Text(clock(seconds), style = MaterialTheme.typography.headlineMedium)
        Quiet(stringResource(R.string.voice_leaving))
        MainButton(stringResource(R.string.voice_end), onEnd)
        OtherButton(stringResource(R.string.voice_discard), onDiscard)
    }
}

/** 75 as 1:15. */
internal fun clock(seconds: Int): String = "%d:%02d".format(seconds / 60, seconds % 60)

/** What to call to record: asks for the permission first, where it was not given. */
@Composable
internal fun rememberMicrophone(onDenied: () -> Unit, onAllowed: () -> Unit): () -> Unit {
    val context = LocalContext.current
    val asking = rememberLauncherForActivityResult(RequestPermission()) { if (it) onAllowed() else onDenied() }
    return {
        if (context.checkSelfPermission(RECORD_AUDIO) == PERMISSION_GRANTED) {
            onAllowed()
        } else {
            context.companion.lock.leavesForAnAnswer()
            asking.launch(RECORD_AUDIO)
        }
    }
}
