package org.kapcompanion.app.checkin

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.res.stringArrayResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.kapcompanion.app.R

/** Steps of the scale, 1 the least pleasant. */
val Steps = 1..7

/** The word for a step. */
@Composable
fun feelingWord(step: Int): String = stringArrayResource(R.array.feelings)[step - 1]

/** Seven steps side by side, to tap. Told apart by their shape and their word, and never by color alone. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun Feelings(chosen: Int?, onChoose: (Int) -> Unit) {
    Column(Modifier.fillMaxWidth(), horizontalAlignment = Alignment.CenterHorizontally) {
        FlowRow(Modifier.selectableGroup()) {
            for (step in Steps) Feeling(step, step == chosen, onChoose)
        }
        val words = stringArrayResource(R.array.feelings)
        Text(
            chosen?.let { words[it - 1] } ?: "${words.first()} – ${words.last()}",
            style = MaterialTheme.typography.bodyMedium,
            color = MaterialTheme.colorScheme.onSurfaceVariant
        )
    }
}

@Composable
private fun Feeling(step: Int, isChosen: Boolean, onChoose: (Int) -> Unit) {
    val colors = MaterialTheme.colorScheme
    val word = feelingWord(step)
    Box(
        Modifier
            .size(48.dp)
            .clip(CircleShape)
            .selectable(isChosen, role = Role.RadioButton) { onChoose(step) }
            .background(if (isChosen) colors.primary else Color.Transparent, CircleShape)
            .semantics { contentDescription = word },
        contentAlignment = Alignment.Center
    ) {
        Face(step, if (isChosen) colors.onPrimary else colors.primary)
    }
}

/** A face whose mouth goes down or up. */
@Composable
private fun Face(step: Int, color: Color) {
    Canvas(Modifier.size(32.dp)) {
        val line = Stroke(2.dp.toPx(), cap = StrokeCap.Round)
        drawCircle(color, radius = size.minDimension / 2 - line.width, style = line)
        for (eye in listOf(0.36f, 0.64f)) drawCircle(color, 1.8.dp.toPx(), Offset(size.width * eye, size.height * 0.4f))
        val bend = (step - 4) / 3f * size.height * 0.16f
        val mouth = Path().apply {
            moveTo(size.width * 0.32f, size.height * 0.66f - bend / 2)
            quadraticTo(
                size.width * 0.5f, size.height * 0.66f + bend, size.width * 0.68f,
                size.height * 0.66f - bend / 2
            )
        }
        drawPath(mouth, color, style = line)
    }
}
