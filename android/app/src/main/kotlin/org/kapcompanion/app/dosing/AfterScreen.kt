package org.kapcompanion.app.dosing

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.material3.FilledTonalButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.CompanionTheme
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.told
import org.kapcompanion.core.SessionTodayView

/** What can be done in the quiet hours. */
data class AfterActs(val onWrite: () -> Unit = {}, val onRest: () -> Unit = {}, val onNotOver: () -> Unit = {})

/**
 * After a session, for somebody who is half awake: three large buttons, and nothing that asks. [sayIt] is the button that
 * records; left out where there is none. Dark, whatever the phone is set to.
 */
@Composable
fun AfterScreen(
    day: SessionDay,
    today: SessionTodayView,
    saving: Saving,
    around: Around,
    acts: AfterActs,
    sayIt: (@Composable () -> Unit)? = null
) {
    CompanionTheme(dark = true) {
        Page(stringResource(R.string.after_title), around) {
            WhyNot(saving)
            Text(stringResource(R.string.after_nothing_asked), style = MaterialTheme.typography.bodyLarge)
            sayIt?.invoke()
            LargeButton(stringResource(R.string.after_write), acts.onWrite)
            LargeButton(stringResource(R.string.after_rest), acts.onRest)
            Text(stringResource(R.string.after_private, told(today.times.quietUntil)))
            if (day.kept > 0) Quiet(pluralStringResource(R.plurals.after_kept, day.kept, day.kept))
            day.home?.let { rule ->
                Panel {
                    Heading(rule.heading)
                    for (line in rule.lines) Text(line)
                    Quiet(rule.note)
                }
            }
            AtHand(day, today)
            if (today.preparation?.marks?.ended != null) {
                OtherButton(stringResource(R.string.after_not_over), acts.onNotOver)
            }
        }
    }
}

/** A button for a hand that is not steady yet. */
@Composable
internal fun LargeButton(text: String, onClick: () -> Unit) {
    FilledTonalButton(
        onClick,
        Modifier.fillMaxWidth().heightIn(min = 80.dp),
        shape = MaterialTheme.shapes.large
    ) { Text(text, style = MaterialTheme.typography.titleLarge) }
}

/** What somebody may need without asking: who takes them home, and where they are. */
@Composable
private fun AtHand(day: SessionDay, today: SessionTodayView) {
    val said = today.preparation
    val session = day.session
    val places = listOfNotNull(session?.place, session?.address, session?.contact).filter { it.isNotBlank() }
    if (said?.escortName.isNullOrBlank() && places.isEmpty()) return
    Panel {
        if (said != null && said.escortName.isNotBlank()) {
            Heading(stringResource(R.string.after_escort))
            Text(said.escortName)
            if (said.escortPhone.isNotBlank()) Text(said.escortPhone)
        }
        for (place in places) Quiet(place)
    }
}
