package org.kapcompanion.app.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.toggleable
import androidx.compose.material3.Checkbox
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp

/** One of several, of which one is chosen; the whole row is tapped. Put them into a `selectableGroup`. */
@Composable
fun RadioRow(words: String, isChosen: Boolean, means: String? = null, onChoose: () -> Unit) {
    Row(
        Modifier.fillMaxWidth().selectable(isChosen, role = Role.RadioButton, onClick = onChoose).heightIn(min = 56.dp),
        verticalAlignment = Alignment.CenterVertically
    ) {
        RadioButton(isChosen, onClick = null, Modifier.padding(12.dp))
        RowWords(words, means, Modifier.weight(1f))
    }
}

/** One of several, of which any may be chosen. */
@Composable
fun CheckRow(words: String, isChosen: Boolean, means: String? = null, onChange: (Boolean) -> Unit) {
    Row(
        Modifier
            .fillMaxWidth()
            .toggleable(isChosen, role = Role.Checkbox, onValueChange = onChange)
            .heightIn(min = 56.dp),
        verticalAlignment = Alignment.CenterVertically
    ) {
        Checkbox(isChosen, onCheckedChange = null, Modifier.padding(12.dp))
        RowWords(words, means, Modifier.weight(1f))
    }
}

/** Something that is on or off. */
@Composable
fun SwitchRow(words: String, isOn: Boolean, means: String? = null, onChange: (Boolean) -> Unit) {
    Row(
        Modifier.fillMaxWidth().toggleable(isOn, role = Role.Switch, onValueChange = onChange).heightIn(min = 56.dp),
        verticalAlignment = Alignment.CenterVertically
    ) {
        RowWords(words, means, Modifier.weight(1f))
        Switch(isOn, onCheckedChange = null, Modifier.padding(start = 12.dp))
    }
}

@Composable
private fun RowWords(words: String, means: String?, modifier: Modifier) {
    Column(modifier.padding(vertical = 4.dp)) {
        Text(words, style = MaterialTheme.typography.bodyLarge)
        means?.let { Quiet(it) }
    }
}
