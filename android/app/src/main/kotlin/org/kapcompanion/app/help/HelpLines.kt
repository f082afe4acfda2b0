package org.kapcompanion.app.help

import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.net.Uri
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.material3.Button
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import androidx.core.net.toUri
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.core.HelpLineView
import org.kapcompanion.core.ReachedBy

/** Calls, writes or opens, and what could not be reached so. */
class Reach(val failed: String?, val onReach: (ReachedBy, String) -> Unit)

/** Reaches somebody by the phone's own apps. */
@Composable
fun rememberReach(): Reach {
    val context = LocalContext.current
    var failed by remember { mutableStateOf<String?>(null) }
    return Reach(failed) { how, number -> failed = number.takeUnless { context.reach(how, it) } }
}

/** Whom to call, large, the most urgent first. */
@Composable
fun HelpLines(lines: List<HelpLineView>, onReach: (ReachedBy, String) -> Unit) {
    for (line in lines) Line(line, onReach)
}

/** That this device can't call, with the number to call from another one. */
@Composable
fun ReachFailed(failed: String?) {
    if (failed != null) Notice(stringResource(R.string.help_failed, failed), isProblem = true)
}

@Composable
private fun Line(line: HelpLineView, onReach: (ReachedBy, String) -> Unit) {
    Button(
        { onReach(line.how, line.number) },
        Modifier.fillMaxWidth().heightIn(min = 64.dp),
        shape = MaterialTheme.shapes.medium,
        colors = ButtonDefaults.buttonColors()
    ) {
        Column(Modifier.fillMaxWidth()) {
            Text(told(line.how, line.number), style = MaterialTheme.typography.titleMedium)
            Text(line.label, style = MaterialTheme.typography.bodyMedium, textAlign = TextAlign.Start)
        }
    }
}

/** Somebody of the person's own plan, and a button that calls where there is a number. */
@Composable
internal fun Person(text: String, number: String, onReach: (ReachedBy, String) -> Unit) {
    Text(text)
    if (number.isNotBlank()) OtherButton(told(ReachedBy.Call, number), { onReach(ReachedBy.Call, number) })
}

@Composable
private fun told(how: ReachedBy, number: String): String = when (how) {
    is ReachedBy.Call -> stringResource(R.string.help_call, number)
    is ReachedBy.Text -> stringResource(R.string.help_text, number)
    is ReachedBy.Web -> stringResource(R.string.help_web, number)
    is ReachedBy.Other -> number
}

/** Opens the phone's own app with the number in it; the person presses *call* there. False where it has none. */
private fun Context.reach(how: ReachedBy, number: String): Boolean {
    val intent = when (how) {
        is ReachedBy.Text -> Intent(Intent.ACTION_SENDTO, Uri.fromParts("smsto", number, null))
        is ReachedBy.Web -> Intent(Intent.ACTION_VIEW, (if ("://" in number) number else "https://$number").toUri())
        else -> Intent(Intent.ACTION_DIAL, Uri.fromParts("tel", number, null))
    }
    return try {
        startActivity(intent)
        true
    } catch (_: ActivityNotFoundException) {
        false
    }
}
