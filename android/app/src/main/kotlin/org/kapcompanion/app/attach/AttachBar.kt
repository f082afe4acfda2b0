package org.kapcompanion.app.attach

import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.PickVisualMediaRequest
import androidx.activity.result.contract.ActivityResultContracts.PickVisualMedia
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.setValue
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.compose.LifecycleEventEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import java.io.IOException
import java.util.Locale
import kotlinx.coroutines.launch
import org.kapcompanion.app.R
import org.kapcompanion.app.companion
import org.kapcompanion.app.journal.WriteViewModel
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.asks
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.words

/** How adding a picture goes. */
sealed interface Adding {
    data object Not : Adding

    data object Now : Adding

    /** The file can't be read. */
    data object Unreadable : Adding

    /** This phone has no app that pictures are picked in. */
    data object NoPicker : Adding

    /** The record can't take it. */
    data class Refused(val why: CompanionException) : Adding
}

/** What can be added to the entry that is being written: a voice, a picture, a drawing, and words that are spoken. */
@Composable
internal fun AttachTo(model: WriteViewModel, onDraw: () -> Unit) {
    val context = LocalContext.current
    val attached by model.attached.collectAsStateWithLifecycle()
    var adding by remember { mutableStateOf<Adding>(Adding.Not) }
    val picking = rememberLauncherForActivityResult(PickVisualMedia()) { picture ->
        if (picture == null) return@rememberLauncherForActivityResult
        adding = Adding.Now
        // Outlives this page: what was chosen is added also where the person leaves meanwhile.
        context.companion.scope.launch {
            adding = try {
                model.attach(pictureToAttach(context.contentResolver, picture))
                Adding.Not
            } catch (_: IOException) {
                Adding.Unreadable
            } catch (why: CompanionException) {
                Adding.Refused(why)
            }
        }
    }
    AttachedList(attached, Looking(), onPlay = null, onStop = {}, onLook = null, onTakeOff = model::takeOff)
    if (attached.isNotEmpty()) Quiet(stringResource(R.string.attach_begun))
    Dictated { words ->
        model.type(listOf(model.body.value.trimEnd(), words).filter { it.isNotEmpty() }.joinToString(" "))
    }
    VoiceOf(model.voice)
    AttachBar(
        adding,
        onPicture = {
            context.companion.lock.leavesForAnAnswer()
            if (!picking.asks(PickVisualMediaRequest(PickVisualMedia.ImageOnly))) adding = Adding.NoPicker
        },
        onDraw
    )
}

/** Pictures and drawings. */
@Composable
fun AttachBar(adding: Adding, onPicture: () -> Unit, onDraw: () -> Unit) {
    when (adding) {
        is Adding.Not -> Unit
        is Adding.Now -> Notice(stringResource(R.string.attach_working))
        is Adding.Unreadable -> Notice(stringResource(R.string.attach_unreadable), isProblem = true)
        is Adding.NoPicker -> Notice(stringResource(R.string.attach_no_picker), isProblem = true)
        is Adding.Refused -> Notice(sentence(adding.why.words), isProblem = true)
    }
    OtherButton(stringResource(R.string.attach_picture), onPicture)
    OtherButton(stringResource(R.string.attach_draw), onDraw)
}

/** How speaking instead of typing goes. */
enum class Dictating { NOT, LISTENING, FAILED, DENIED }

/** Speaking instead of typing, where this phone can do it by itself. */
@Composable
private fun Dictated(onHeard: (String) -> Unit) {
    val context = LocalContext.current
    val dictation = remember { context.companion.media.dictation() } ?: return
    val hears = rememberUpdatedState(onHeard)
    var state by remember { mutableStateOf(Dictating.NOT) }
    val begin = rememberMicrophone(onDenied = { state = Dictating.DENIED }) {
        state = Dictating.LISTENING
        dictation.begin(Locale.getDefault().toLanguageTag(), { hears.value(it) }) { isWell ->
            state = if (isWell) Dictating.NOT else Dictating.FAILED
        }
    }
    DisposableEffect(dictation) { onDispose { dictation.end() } }
    LifecycleEventEffect(Lifecycle.Event.ON_STOP) { dictation.end() }
    DictatePanel(state, begin, dictation::end)
}

/** The button, and what came of it. */
@Composable
fun DictatePanel(state: Dictating, onBegin: () -> Unit, onEnd: () -> Unit) {
    when (state) {
        Dictating.LISTENING -> {
            Notice(stringResource(R.string.dictate_listens))
            OtherButton(stringResource(R.string.dictate_end), onEnd)
            return
        }

        Dictating.FAILED -> Notice(stringResource(R.string.dictate_failed), isProblem = true)

        Dictating.DENIED -> Notice(stringResource(R.string.voice_denied), isProblem = true)

        Dictating.NOT -> Unit
    }
    OtherButton(stringResource(R.string.dictate_begin), onBegin)
}
