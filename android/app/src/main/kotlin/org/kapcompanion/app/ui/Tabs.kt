package org.kapcompanion.app.ui

import androidx.annotation.StringRes
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import org.kapcompanion.app.R

/** The parts of the app, each with its first page. */
enum class Tab(val place: String, @StringRes val title: Int) {
    TODAY(Places.TODAY, R.string.today_title),
    JOURNAL(Places.JOURNAL, R.string.journal_title),
    PROGRAM(Places.PROGRAM, R.string.program_title),
    YOU(Places.YOU, R.string.you_title)
}

/** Which part is shown, and what takes one to another. */
data class Tabs(val chosen: Tab, val onGo: (String) -> Unit)

/** The parts in words: they wrap where large text needs it, and none is cut. */
@Composable
internal fun TabRow(tabs: Tabs) {
    FlowRow(
        Modifier.fillMaxWidth().selectableGroup().padding(horizontal = 8.dp, vertical = 4.dp),
        horizontalArrangement = Arrangement.SpaceEvenly
    ) {
        for (tab in Tab.entries) TabItem(tab, tab == tabs.chosen) { tabs.onGo(tab.place) }
    }
}

@Composable
private fun TabItem(tab: Tab, isChosen: Boolean, onGo: () -> Unit) {
    val colors = MaterialTheme.colorScheme
    Box(
        Modifier
            .padding(2.dp)
            .clip(MaterialTheme.shapes.large)
            .background(if (isChosen) colors.primaryContainer else colors.surface)
            .selectable(isChosen, role = Role.Tab, onClick = onGo)
            .heightIn(min = 48.dp)
            .widthIn(min = 64.dp)
            .padding(horizontal = 12.dp),
        contentAlignment = Alignment.Center
    ) {
        Text(
            stringResource(tab.title),
            color = if (isChosen) colors.onPrimaryContainer else colors.onSurfaceVariant,
            fontWeight = if (isChosen) FontWeight.SemiBold else null
        )
    }
}
