package org.kapcompanion.app.ui

import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import org.kapcompanion.app.R

/** Asks once before something that can't be undone, and says first what it means. Not to do it is as near as to do it. */
@Composable
fun Asking(
    question: String,
    means: List<String>,
    act: String,
    onAct: () -> Unit,
    onLeave: () -> Unit,
    leave: String = stringResource(R.string.leave_as_is),
    isReady: Boolean = true
) {
    Panel {
        Heading(question)
        for (sentence in means) Text(sentence(sentence))
        MainButton(act, onAct, enabled = isReady)
        OtherButton(leave, onLeave)
    }
}
