package org.kapcompanion.app.reminders

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import java.time.LocalTime
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle
import org.kapcompanion.app.R
import org.kapcompanion.core.ClockTime

private const val STEP_MINUTES = 30L

/** A time of the day, half an hour earlier or later by a tap each. */
@Composable
internal fun TimeSteps(name: String, time: ClockTime, onChange: (ClockTime) -> Unit) {
    val earlier = stringResource(R.string.reminders_time_earlier, name)
    val later = stringResource(R.string.reminders_time_later, name)
    FlowRow(
        Modifier.fillMaxWidth(),
        horizontalArrangement = Arrangement.spacedBy(8.dp),
        itemVerticalAlignment = Alignment.CenterVertically
    ) {
        Text(name, style = MaterialTheme.typography.bodyLarge)
        TextButton(
            { onChange(time.moved(-STEP_MINUTES)) },
            Modifier.heightIn(min = 48.dp).widthIn(min = 48.dp).semantics { contentDescription = earlier }
        ) { Text("−", style = MaterialTheme.typography.titleLarge) }
        Text(
            told(time),
            Modifier.semantics { liveRegion = LiveRegionMode.Polite },
            style = MaterialTheme.typography.titleMedium
        )
        TextButton(
            { onChange(time.moved(STEP_MINUTES)) },
            Modifier.heightIn(min = 48.dp).widthIn(min = 48.dp).semantics { contentDescription = later }
        ) { Text("+", style = MaterialTheme.typography.titleLarge) }
    }
}

private fun ClockTime.moved(minutes: Long): ClockTime {
    val moved = LocalTime.of(hour.toInt(), minute.toInt()).plusMinutes(minutes)
    return ClockTime(moved.hour.toUByte(), moved.minute.toUByte())
}

/** A time of the day, as this phone's language writes it. */
internal fun told(time: ClockTime): String =
    LocalTime.of(time.hour.toInt(), time.minute.toInt()).format(DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT))
