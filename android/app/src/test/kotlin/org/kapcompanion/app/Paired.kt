package org.kapcompanion.app

import androidx.compose.ui.test.junit4.ComposeTestRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performTextInput

/** Pairs by a link of the clinic's, compares the words, and goes on to today. */
fun ComposeTestRule.pairWith(clinic: Clinic) {
    val link = clinic.invite("Ada")
    tap("Pair with your clinic")
    await("Link from your clinic")
    onNodeWithText("Link from your clinic").performTextInput(link)
    tap("Pair")
    await("Waiting for your clinic")
    var words: List<String>? = null
    awaitThat("the clinic sees the words") { clinic.words().also { words = it } != null }
    // The server's hint brings them, or the person's asking does.
    tap("Ask again now")
    await("Compare these words")
    // As they are read aloud: a single word may stand elsewhere on the page, too.
    onNodeWithContentDescription("The words are: ${checkNotNull(words).joinToString()}").assertExists()
    clinic.admit()
    await("You are paired")
    tap("Continue")
}
