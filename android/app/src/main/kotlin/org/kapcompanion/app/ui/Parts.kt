package org.kapcompanion.app.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.input.KeyboardCapitalization
import org.kapcompanion.app.R
import org.kapcompanion.core.words

/** What is shown of something loaded: that it is being read, why it can't be, or the thing itself. */
@Composable
fun <T> LoadedPart(loaded: Loaded<T>, content: @Composable (T) -> Unit) {
    when (loaded) {
        is Loaded.NotYet -> Loading(stringResource(R.string.opening))
        is Loaded.Problem -> Notice(sentence(loaded.why.words), isProblem = true)
        is Loaded.Here -> content(loaded.value)
    }
}

/** Why the last thing that was done did not go well; nothing where it did. */
@Composable
fun WhyNot(saving: Saving) {
    if (saving is Saving.Failed) Notice(sentence(saving.why.words), isProblem = true)
}

/** Leads on once it went well; [seen] forgets that it did, so that the page can be opened again. */
@Composable
fun WhenSaved(saving: Saving, seen: () -> Unit, then: () -> Unit) {
    LaunchedEffect(saving) {
        if (saving is Saving.Done) {
            seen()
            then()
        }
    }
}

/** Words to type. */
@Composable
fun WordsField(label: String, typed: String, onType: (String) -> Unit, lines: Int = 1) {
    OutlinedTextField(
        typed,
        onType,
        Modifier.fillMaxWidth(),
        label = { Text(label) },
        keyboardOptions = KeyboardOptions(capitalization = KeyboardCapitalization.Sentences),
        minLines = lines
    )
}

/** One of several, each in words. */
@Composable
fun <T> OneOf(options: List<Pair<T, String>>, chosen: T?, onChoose: (T) -> Unit) {
    Column(Modifier.selectableGroup()) {
        for ((option, words) in options) RadioRow(words, option == chosen) { onChoose(option) }
    }
}

/** Something that can't be undone: it is asked once whether it is meant, and said what becomes of it. */
@Composable
fun AskedOnce(text: String, means: String, yes: String, onYes: () -> Unit) {
    var isAsked by rememberSaveable { mutableStateOf(false) }
    if (!isAsked) {
        OtherButton(text, { isAsked = true })
        return
    }
    Panel {
        Text(means)
        MainButton(yes, {
            isAsked = false
            onYes()
        })
        OtherButton(stringResource(R.string.sessions_asked_no), { isAsked = false })
    }
}
