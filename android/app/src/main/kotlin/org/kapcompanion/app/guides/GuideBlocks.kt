package org.kapcompanion.app.guides

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.selection.toggleable
import androidx.compose.material3.Checkbox
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.SpanStyle
import androidx.compose.ui.text.buildAnnotatedString
import androidx.compose.ui.text.font.FontStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextDecoration
import androidx.compose.ui.text.withStyle
import androidx.compose.ui.unit.dp
import java.net.URI
import org.kapcompanion.app.R
import org.kapcompanion.app.help.HelpLines
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.core.GuideBlock
import org.kapcompanion.core.GuideEmphasis
import org.kapcompanion.core.GuideGrounds
import org.kapcompanion.core.GuideSpan
import org.kapcompanion.core.GuideTask
import org.kapcompanion.core.HeadingLevel
import org.kapcompanion.core.ReachedBy

/** The blocks of a guide in their order. A number in brackets beside a fact is that of its source, below. */
@Composable
internal fun GuideBlocks(open: OpenGuide, sources: List<NumberedSource>, acts: GuideActs) {
    for (block in open.guide.blocks) Block(block, open, sources, acts)
}

@Composable
private fun Block(block: GuideBlock, open: OpenGuide, sources: List<NumberedSource>, acts: GuideActs) {
    when (block) {
        is GuideBlock.Heading -> Title(block)

        is GuideBlock.Paragraph -> Paragraph(block.text, block.grounds, sources, acts.onReach)

        is GuideBlock.Points -> for (point in block.points) {
            Row(Modifier.padding(start = (point.depth.toInt() * 16).dp), Arrangement.spacedBy(8.dp)) {
                Text(point.number?.let { "$it." } ?: "•", Modifier.widthIn(min = 16.dp))
                Column(Modifier.weight(1f)) { Paragraph(point.text, point.grounds, sources, acts.onReach) }
            }
        }

        is GuideBlock.Tasks -> Tasks(block.tasks, open, sources, acts)

        is GuideBlock.Slot -> open.guide.slots.find { it.slot == block.slot }?.let { slot ->
            Panel {
                Heading(slot.heading)
                // A rule is words of the clinic's: it has no rules inside.
                for (inner in slot.blocks) if (inner !is GuideBlock.Slot) Block(inner, open, sources, acts)
                Quiet(slot.note)
            }
        }

        is GuideBlock.CrisisHelp -> HelpLines(open.help, acts.onReach)
    }
}

@Composable
private fun Title(block: GuideBlock.Heading) {
    val style = when (block.level) {
        HeadingLevel.SECTION -> MaterialTheme.typography.titleLarge
        HeadingLevel.PART -> MaterialTheme.typography.titleMedium
    }
    Text(drawn(block.text, ""), Modifier.padding(top = 8.dp).semantics { heading() }, style = style)
}

@Composable
private fun Paragraph(
    text: List<GuideSpan>,
    grounds: GuideGrounds,
    sources: List<NumberedSource>,
    onReach: (ReachedBy, String) -> Unit
) {
    Text(drawn(text, numbersOf(grounds, sources)), style = MaterialTheme.typography.bodyLarge)
    for (link in text.mapNotNull { it.link }.distinct()) {
        OtherButton(stringResource(R.string.guide_open_link, hostOf(link)), { onReach(ReachedBy.Web, link) })
    }
}

@Composable
private fun Tasks(tasks: List<GuideTask>, open: OpenGuide, sources: List<NumberedSource>, acts: GuideActs) {
    Panel {
        for (task in tasks) {
            val words = drawn(task.text, numbersOf(task.grounds, sources))
            if (open.keepsTicks) {
                TaskRow(words, task.id in open.guide.ticked) { acts.onTick(task.id, it) }
            } else {
                Row(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
                    Text("–", Modifier.widthIn(min = 16.dp))
                    Text(words, Modifier.weight(1f), style = MaterialTheme.typography.bodyLarge)
                }
            }
        }
    }
}

@Composable
private fun TaskRow(words: AnnotatedString, isTicked: Boolean, onTick: (Boolean) -> Unit) {
    Row(
        Modifier
            .fillMaxWidth()
            .toggleable(isTicked, role = Role.Checkbox, onValueChange = onTick)
            .heightIn(min = 56.dp),
        verticalAlignment = Alignment.CenterVertically
    ) {
        Checkbox(isTicked, onCheckedChange = null, Modifier.padding(12.dp))
        Text(words, Modifier.weight(1f), style = MaterialTheme.typography.bodyLarge)
    }
}

/** Words that open a page outside of the app. */
@Composable
internal fun LeadOut(words: String, onOpen: () -> Unit) {
    Box(
        Modifier.fillMaxWidth().clickable(role = Role.Button, onClick = onOpen).heightIn(min = 48.dp),
        contentAlignment = Alignment.CenterStart
    ) {
        Text(
            words,
            style = MaterialTheme.typography.bodyMedium,
            color = MaterialTheme.colorScheme.primary,
            textDecoration = TextDecoration.Underline
        )
    }
}

@Composable
private fun drawn(text: List<GuideSpan>, numbers: String): AnnotatedString {
    val quiet = MaterialTheme.colorScheme.onSurfaceVariant
    val small = MaterialTheme.typography.bodySmall.fontSize
    return buildAnnotatedString {
        for (span in text) {
            val style = when (span.emphasis) {
                GuideEmphasis.PLAIN -> SpanStyle()
                GuideEmphasis.LIGHT -> SpanStyle(fontStyle = FontStyle.Italic)
                GuideEmphasis.STRONG -> SpanStyle(fontWeight = FontWeight.Bold)
            }
            withStyle(style) { append(span.text) }
        }
        if (numbers.isNotEmpty()) {
            withStyle(SpanStyle(color = quiet, fontSize = small)) { append(" $numbers") }
        }
    }
}

private fun hostOf(link: String): String = try {
    URI(link).host ?: link
} catch (_: java.net.URISyntaxException) {
    link
}
