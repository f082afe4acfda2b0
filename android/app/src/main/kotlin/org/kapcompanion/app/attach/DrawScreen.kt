package org.kapcompanion.app.attach

import android.graphics.Bitmap
import androidx.compose.foundation.Canvas
import androidx.compose.foundation.border
import androidx.compose.foundation.gestures.awaitEachGesture
import androidx.compose.foundation.gestures.awaitFirstDown
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clipToBounds
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import androidx.core.graphics.createBitmap
import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.kapcompanion.app.R
import org.kapcompanion.app.journal.WriteViewModel
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.BottomAction
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.words

private const val STROKES = "strokes"

/** As many as fit into what the system keeps for an app that it ends. */
private const val MOST_POINTS = 20_000
private const val WIDTH = 1024
private const val HEIGHT = 1365
private const val PEN = 0.008f

/** A drawing while it is drawn: lines of points, x and y from 0 to 1, so that it is the same on a phone that turns. */
class DrawViewModel(private val saved: SavedStateHandle) : ViewModel() {
    /** The lines so far. */
    val strokes: StateFlow<List<FloatArray>> = saved.getStateFlow(STROKES, emptyList())

    /** Adds a line. */
    fun add(stroke: FloatArray) {
        if (stroke.isEmpty() || strokes.value.sumOf { it.size } + stroke.size > 2 * MOST_POINTS) return
        set(strokes.value + stroke)
    }

    /** Takes back the last line. */
    fun undo() = set(strokes.value.dropLast(1))

    /** Begins with an empty page. */
    fun clear() = set(emptyList())

    private fun set(strokes: List<FloatArray>) {
        saved[STROKES] = ArrayList(strokes)
    }

    companion object {
        val Factory = viewModelFactory { initializer { DrawViewModel(createSavedStateHandle()) } }
    }
}

/** A drawing for the entry that is being written. */
@Composable
fun DrawRoute(around: Around, onDone: () -> Unit) {
    val model: DrawViewModel = viewModel(factory = DrawViewModel.Factory)
    val writing: WriteViewModel = viewModel(factory = WriteViewModel.Factory)
    val strokes by model.strokes.collectAsStateWithLifecycle()
    val scope = rememberCoroutineScope()
    var isKeeping by remember { mutableStateOf(false) }
    var failed by remember { mutableStateOf<CompanionException?>(null) }
    DrawScreen(
        strokes,
        isKeeping,
        failed,
        around,
        onStroke = model::add,
        onUndo = model::undo,
        onKeep = {
            isKeeping = true
            scope.launch {
                try {
                    writing.attach(drawingToAttach(strokes))
                    model.clear()
                    onDone()
                } catch (why: CompanionException) {
                    failed = why
                }
                isKeeping = false
            }
        }
    )
}

/** White paper and a dark pen, light or dark around it: it is the same picture for whoever reads it. */
@Composable
fun DrawScreen(
    strokes: List<FloatArray>,
    isKeeping: Boolean,
    failed: CompanionException?,
    around: Around,
    onStroke: (FloatArray) -> Unit,
    onUndo: () -> Unit,
    onKeep: () -> Unit
) {
    Page(stringResource(R.string.draw_title), around, bottom = {
        BottomAction(stringResource(R.string.draw_keep), onKeep, strokes.isNotEmpty() && !isKeeping)
    }) {
        if (failed != null) Notice(sentence(failed.words), isProblem = true)
        Paper(strokes, onStroke)
        if (strokes.isNotEmpty()) OtherButton(stringResource(R.string.draw_undo), onUndo)
        Quiet(stringResource(R.string.draw_kept))
    }
}

@Composable
private fun Paper(strokes: List<FloatArray>, onStroke: (FloatArray) -> Unit) {
    var drawing by remember { mutableStateOf(FloatArray(0)) }
    val area = stringResource(R.string.draw_area)
    Canvas(
        Modifier
            .fillMaxWidth()
            .padding(bottom = 4.dp)
            .aspectRatio(WIDTH.toFloat() / HEIGHT)
            .border(1.dp, Color.Gray)
            .clipToBounds()
            .semantics { contentDescription = area }
            .pointerInput(Unit) {
                awaitEachGesture {
                    val down = awaitFirstDown()
                    down.consume()
                    drawing = floatArrayOf(down.position.x / size.width, down.position.y / size.height)
                    while (true) {
                        val change = awaitPointerEvent().changes.find { it.id == down.id } ?: break
                        // The page does not scroll under a pen.
                        change.consume()
                        drawing += floatArrayOf(change.position.x / size.width, change.position.y / size.height)
                        if (!change.pressed) break
                    }
                    onStroke(drawing)
                    drawing = FloatArray(0)
                }
            }
    ) {
        drawRect(Color.White)
        for (stroke in strokes) line(stroke)
        if (drawing.isNotEmpty()) line(drawing)
    }
}

private fun DrawScope.line(stroke: FloatArray) {
    val path = Path()
    path.moveTo(stroke[0] * size.width, stroke[1] * size.height)
    for (at in 2 until stroke.size step 2) path.lineTo(stroke[at] * size.width, stroke[at + 1] * size.height)
    if (stroke.size == 2) {
        drawCircle(Color.Black, PEN * size.width / 2, Offset(stroke[0] * size.width, stroke[1] * size.height))
    } else {
        drawPath(path, Color.Black, style = Stroke(PEN * size.width, cap = StrokeCap.Round, join = StrokeJoin.Round))
    }
}

/** The drawing as a picture file, in memory. */
internal suspend fun drawingToAttach(strokes: List<FloatArray>): ToAttach = withContext(Dispatchers.Default) {
    val bitmap = createBitmap(WIDTH, HEIGHT)
    val canvas = android.graphics.Canvas(bitmap)
    canvas.drawColor(android.graphics.Color.WHITE)
    val pen = android.graphics.Paint(android.graphics.Paint.ANTI_ALIAS_FLAG).apply {
        color = android.graphics.Color.BLACK
        style = android.graphics.Paint.Style.STROKE
        strokeWidth = PEN * WIDTH
        strokeCap = android.graphics.Paint.Cap.ROUND
        strokeJoin = android.graphics.Paint.Join.ROUND
    }
    for (stroke in strokes) {
        val path = android.graphics.Path()
        path.moveTo(stroke[0] * WIDTH, stroke[1] * HEIGHT)
        // A dot is a line to where it is.
        for (at in 0 until stroke.size step 2) path.lineTo(stroke[at] * WIDTH, stroke[at + 1] * HEIGHT)
        canvas.drawPath(path, pen)
    }
    bytesToAttach(encoded(bitmap, Bitmap.CompressFormat.PNG), "image/png")
}
