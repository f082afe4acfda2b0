package org.kapcompanion.app.attach

import android.graphics.BitmapFactory
import androidx.compose.foundation.Canvas
import androidx.compose.foundation.Image
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.asImageBitmap
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.compose.LifecycleEventEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.app.ui.whereItIs
import org.kapcompanion.core.AttachmentView
import org.kapcompanion.core.words

/** What hangs on an entry: recordings to play, pictures to look at. */
@Composable
fun AttachedTo(entry: UUID) {
    val model: AttachedViewModel = viewModel(key = "attached/$entry", factory = AttachedViewModel.factory(entry))
    val attached by model.attached.collectAsStateWithLifecycle()
    val looking by model.looking.collectAsStateWithLifecycle()
    LifecycleEventEffect(Lifecycle.Event.ON_STOP) { model.stop() }
    DisposableEffect(model) { onDispose { model.stop() } }
    AttachedList(attached, looking, onPlay = model::play, onStop = model::stop, onLook = model::look)
}

/** What is being played or looked at. */
data class Looking(
    val playing: UUID? = null,
    /** How much of it was heard, 0 to 1. */
    val heard: Float = 0f,
    val pictures: Map<UUID, ImageBitmap> = emptyMap(),
    /** Why one can't be opened, in a sentence of the core's; empty where the phone can't play or show it. */
    val failed: String? = null
)

/** Each of them, on a surface of its own. */
@Composable
fun AttachedList(
    attached: List<AttachmentView>,
    looking: Looking,
    onPlay: ((UUID) -> Unit)?,
    onStop: () -> Unit,
    onLook: ((UUID) -> Unit)?,
    onTakeOff: ((UUID) -> Unit)? = null
) {
    looking.failed?.let { words ->
        Notice(if (words.isEmpty()) stringResource(R.string.attached_cannot) else sentence(words), isProblem = true)
    }
    for (one in attached) {
        Panel {
            if (one.isSound) {
                Recording(one, looking, onPlay, onStop)
            } else {
                Picture(one, looking.pictures[one.item], onLook)
            }
            if (one.caption.isNotBlank()) Text(one.caption)
            Quiet(stringResource(R.string.entry_where, whereItIs(one.delivery)))
            onTakeOff?.let { OtherButton(stringResource(R.string.attached_take_off), { it(one.item) }) }
        }
    }
}

@Composable
private fun Recording(one: AttachmentView, looking: Looking, onPlay: ((UUID) -> Unit)?, onStop: () -> Unit) {
    val isPlaying = looking.playing == one.item
    Text(
        one.lasts?.let { stringResource(R.string.attached_recording_lasts, clock(it.seconds.toInt())) }
            ?: stringResource(R.string.attached_recording),
        style = MaterialTheme.typography.titleMedium
    )
    val heard = if (isPlaying) looking.heard else 0f
    val waveform = one.waveform
    if (waveform == null) {
        if (isPlaying) LinearProgressIndicator({ heard }, Modifier.fillMaxWidth())
    } else {
        Waveform(waveform, heard)
    }
    if (!isHere(one) || onPlay == null) return
    if (isPlaying) {
        OtherButton(stringResource(R.string.attached_stop), onStop)
    } else {
        OtherButton(stringResource(R.string.attached_play), { onPlay(one.item) })
    }
}

/** How loud it is, from its beginning to its end: what was heard is darker. Says nothing that isn't also in words. */
@Composable
private fun Waveform(waveform: ByteArray, heard: Float) {
    val (past, coming) = MaterialTheme.colorScheme.run { primary to outline }
    Canvas(Modifier.fillMaxWidth().height(48.dp)) {
        val step = size.width / waveform.size
        waveform.forEachIndexed { index, point ->
            val height = size.height * maxOf(0.06f, point.toUByte().toFloat() / UByte.MAX_VALUE.toFloat())
            drawRoundRect(
                if (index < heard * waveform.size) past else coming,
                Offset(index * step, (size.height - height) / 2),
                Size(step * 0.6f, height),
                CornerRadius(step * 0.3f)
            )
        }
    }
}

@Composable
private fun Picture(one: AttachmentView, whole: ImageBitmap?, onLook: ((UUID) -> Unit)?) {
    Text(stringResource(R.string.attached_picture), style = MaterialTheme.typography.titleMedium)
    val small = remember(one.thumbnail) {
        one.thumbnail?.let { BitmapFactory.decodeByteArray(it, 0, it.size) }?.asImageBitmap()
    }
    val says = one.caption.ifBlank { stringResource(R.string.attached_picture_no_words) }
    if (whole != null) {
        Image(whole, says, Modifier.fillMaxWidth(), contentScale = ContentScale.FillWidth)
    } else {
        small?.let {
            Image(it, says, Modifier.widthIn(min = 96.dp).heightIn(min = 96.dp, max = 240.dp))
        }
        if (isHere(one) && onLook != null) OtherButton(stringResource(R.string.attached_look), { onLook(one.item) })
    }
}

/** Whether its bytes are here; says why not. */
@Composable
private fun isHere(one: AttachmentView): Boolean {
    when {
        one.isLost -> Quiet(stringResource(R.string.attached_lost))
        !one.isHere -> Quiet(stringResource(R.string.attached_not_here))
    }
    return one.isHere && !one.isLost
}

/** Whether it is heard rather than seen. */
internal val AttachmentView.isSound: Boolean get() = mediaType.startsWith("audio/")
