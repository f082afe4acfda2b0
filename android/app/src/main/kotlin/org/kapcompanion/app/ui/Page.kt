package org.kapcompanion.app.ui

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.ScrollState
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Button
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.Card
import androidx.compose.material3.CardDefaults
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Scaffold
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.Hyphens
import androidx.compose.ui.unit.dp
import org.kapcompanion.app.R

/** Lines longer than this are hard to read on a tablet. */
private val Readable = 640.dp

/** What every page can do. */
data class Around(
    /** Whom to call, now. Nothing on the page that says it. */
    val onHelp: (() -> Unit)?,
    /** Where the page came from; nothing where it is the first. */
    val onBack: (() -> Unit)?,
    /** The parts of the app, on the pages that are the first of one. */
    val tabs: Tabs? = null
)

/**
 * A page: its title, help always in the same place, and what scrolls below. [bottom] stays in reach of a thumb. [scroll]
 * is for a page that goes on where somebody was.
 */
@Composable
fun Page(
    title: String,
    around: Around,
    bottom: (@Composable () -> Unit)? = null,
    scroll: ScrollState = rememberScrollState(),
    content: @Composable ColumnScope.() -> Unit
) {
    Scaffold(
        modifier = Modifier.imePadding(),
        topBar = { Top(title, around) },
        bottomBar = { Bottom(around.tabs, bottom) }
    ) { inner ->
        Column(
            Modifier.fillMaxSize().padding(inner).verticalScroll(scroll),
            horizontalAlignment = Alignment.CenterHorizontally
        ) {
            Column(
                Modifier.widthIn(max = Readable).fillMaxWidth().padding(horizontal = 16.dp, vertical = 8.dp),
                verticalArrangement = Arrangement.spacedBy(12.dp),
                content = content
            )
        }
    }
}

/** The main button, and below it the parts of the app; above what the system draws there. */
@Composable
private fun Bottom(tabs: Tabs?, action: (@Composable () -> Unit)?) {
    if (tabs == null && action == null) return
    Surface {
        Column(
            Modifier.windowInsetsPadding(
                WindowInsets.safeDrawing.only(WindowInsetsSides.Bottom + WindowInsetsSides.Horizontal)
            )
        ) {
            action?.invoke()
            tabs?.let { TabRow(it) }
        }
    }
}

/** As tall as its words: Material's own bar cuts off a title of two lines, which large text makes. */
@Composable
private fun Top(title: String, around: Around) {
    Row(
        Modifier
            .windowInsetsPadding(WindowInsets.safeDrawing.only(WindowInsetsSides.Top + WindowInsetsSides.Horizontal))
            .fillMaxWidth()
            .heightIn(min = 64.dp)
            .padding(horizontal = 4.dp),
        verticalAlignment = Alignment.CenterVertically
    ) {
        around.onBack?.let { BackButton(it) }
        Text(
            title,
            Modifier.weight(1f).padding(horizontal = 12.dp).semantics { heading() },
            style = MaterialTheme.typography.titleLarge.copy(hyphens = Hyphens.Auto),
            fontWeight = FontWeight.SemiBold
        )
        around.onHelp?.let { HelpButton(it) }
    }
}

@Composable
private fun BackButton(onBack: () -> Unit) {
    IconButton(onBack) { Icon(painterResource(R.drawable.ic_back), stringResource(R.string.back)) }
}

@Composable
private fun HelpButton(onHelp: () -> Unit) {
    TextButton(onHelp, Modifier.heightIn(min = 48.dp)) { Text(stringResource(R.string.help_now)) }
}

/** What belongs together, on a surface of its own. */
@Composable
fun Panel(modifier: Modifier = Modifier, content: @Composable ColumnScope.() -> Unit) {
    Card(
        modifier.fillMaxWidth(),
        colors = CardDefaults.cardColors(containerColor = MaterialTheme.colorScheme.surfaceContainerLow)
    ) {
        Column(Modifier.padding(16.dp), verticalArrangement = Arrangement.spacedBy(12.dp), content = content)
    }
}

/** A title inside of a page, which a screen reader can jump to. */
@Composable
fun Heading(text: String) {
    Text(text, Modifier.semantics { heading() }, style = MaterialTheme.typography.titleMedium)
}

/** Words that explain, and are not the point. */
@Composable
fun Quiet(text: String, modifier: Modifier = Modifier) {
    Text(
        text,
        modifier,
        style = MaterialTheme.typography.bodyMedium,
        color = MaterialTheme.colorScheme.onSurfaceVariant
    )
}

/** The one thing to do on a page. */
@Composable
fun MainButton(text: String, onClick: () -> Unit, modifier: Modifier = Modifier, enabled: Boolean = true) {
    Button(onClick, modifier.fillMaxWidth().heightIn(min = 56.dp), enabled) { Text(text) }
}

/** Something else that can be done. */
@Composable
fun OtherButton(text: String, onClick: () -> Unit, modifier: Modifier = Modifier) {
    val colors = MaterialTheme.colorScheme
    OutlinedButton(
        onClick,
        modifier.fillMaxWidth().heightIn(min = 48.dp),
        colors = ButtonDefaults.outlinedButtonColors(contentColor = colors.primary),
        // Material's own edge is too faint to be seen by everybody.
        border = BorderStroke(1.dp, colors.outline)
    ) { Text(text) }
}

/** The main button, out of the way of what scrolls. */
@Composable
fun BottomAction(text: String, onClick: () -> Unit, enabled: Boolean = true) {
    Column(
        Modifier.fillMaxWidth().padding(horizontal = 16.dp, vertical = 12.dp),
        horizontalAlignment = Alignment.CenterHorizontally
    ) {
        MainButton(text, onClick, Modifier.widthIn(max = Readable), enabled)
    }
}

/** What a person should know now: read aloud when it appears. */
@Composable
fun Notice(text: String, isProblem: Boolean = false) {
    val colors = MaterialTheme.colorScheme
    Surface(
        Modifier.fillMaxWidth().semantics { liveRegion = LiveRegionMode.Polite },
        shape = MaterialTheme.shapes.medium,
        color = if (isProblem) colors.tertiaryContainer else colors.primaryContainer,
        contentColor = if (isProblem) colors.onTertiaryContainer else colors.onPrimaryContainer
    ) {
        Text(text, Modifier.padding(12.dp), style = MaterialTheme.typography.bodyMedium)
    }
}

/** It takes a moment. */
@Composable
fun Loading(words: String) {
    Column(
        Modifier.fillMaxWidth().padding(top = 48.dp),
        verticalArrangement = Arrangement.spacedBy(16.dp),
        horizontalAlignment = Alignment.CenterHorizontally
    ) {
        CircularProgressIndicator()
        Text(words)
    }
}

/** The core's sentence, as the beginning of one on a page. */
fun sentence(words: String): String {
    val begun = words.trim().replaceFirstChar(Char::uppercase)
    return if (begun.isEmpty() || begun.last() in ".!?") begun else "$begun."
}
