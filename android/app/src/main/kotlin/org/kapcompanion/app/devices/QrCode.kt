package org.kapcompanion.app.devices

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.widthIn
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel
import com.google.zxing.qrcode.encoder.Encoder

/** Cells of nothing around a code: a camera needs four. */
private const val MARGIN = 4

/** The cells of a code, row by row; true is dark. */
internal fun qrCells(text: String): List<BooleanArray> {
    val matrix = Encoder.encode(text, ErrorCorrectionLevel.M).matrix
    return List(matrix.height) { y -> BooleanArray(matrix.width) { x -> matrix[x, y].toInt() == 1 } }
}

/** A text for another phone's camera: black on white also where the page is dark, for cameras that need it so. */
@Composable
fun QrCode(text: String, says: String) {
    val cells = remember(text) { qrCells(text) }
    Canvas(
        Modifier.widthIn(max = 320.dp).fillMaxWidth().aspectRatio(1f).semantics { contentDescription = says }
    ) {
        drawRect(Color.White)
        val cell = size.width / (cells.size + 2 * MARGIN)
        for ((y, row) in cells.withIndex()) {
            for ((x, isDark) in row.withIndex()) {
                // A little larger than a cell, so that no line shows between two.
                val place = Offset((x + MARGIN) * cell, (y + MARGIN) * cell)
                if (isDark) drawRect(Color.Black, place, Size(cell + 0.5f, cell + 0.5f))
            }
        }
    }
}
