package org.kapcompanion.app

import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.ComposeTimeoutException
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.ComposeTestRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.test.core.app.ApplicationProvider
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.rules.ExternalResource

/** The longest that anything here may take: only what hangs takes as long. */
private const val PATIENCE_MS = 120_000L

/** A phone with a Keystore and nothing on it; what is open at the end is closed. */
class Phone : ExternalResource() {
    /** The app on it. */
    val app: CompanionApp get() = ApplicationProvider.getApplicationContext()

    private val watch = MainThreadWatch()

    override fun before() {
        FakeAndroidKeyStore.install()
        watch.begin(app)
    }

    override fun after() {
        watch.end()
        runBlocking { app.end() }
        assertEquals("on the main thread", emptyList<String>(), watch.seen)
    }
}

/** Waits for what another thread brings some time. */
fun ComposeTestRule.await(text: String) = await(hasText(text, substring = true), text)

/** Waits until something is shown. */
fun ComposeTestRule.await(matcher: SemanticsMatcher, what: String) =
    awaitThat("$what is shown") { onAllNodes(matcher).fetchSemanticsNodes(false).isNotEmpty() }

/** Waits until something is so; if it never is, says what is shown instead. */
fun ComposeTestRule.awaitThat(what: String, isSo: () -> Boolean) {
    try {
        waitUntil(what, PATIENCE_MS) {
            // What waits for the main thread goes on here: it is this one.
            waitForIdle()
            isSo()
        }
    } catch (late: ComposeTimeoutException) {
        throw AssertionError("$what: never. There is: ${shown()}", late)
    }
}

/** All words that are shown. */
private fun ComposeTestRule.shown(): List<String> =
    onAllNodes(SemanticsMatcher.keyIsDefined(SemanticsProperties.Text)).fetchSemanticsNodes(false)
        .map { node -> node.config[SemanticsProperties.Text].joinToString(" ") }

/** Taps what says this, as soon as it is there. */
fun ComposeTestRule.tap(text: String) {
    await(hasText(text), text)
    onNodeWithText(text).performClick()
}

/** Taps what says this, and may have to be scrolled to. */
fun ComposeTestRule.tapBelow(text: String) {
    await(hasText(text), text)
    onNodeWithText(text).performScrollTo().performClick()
}

/** Types into the field of that label, which may have to be scrolled to. */
fun ComposeTestRule.type(label: String, words: String) {
    await(hasText(label), label)
    onNodeWithText(label).performScrollTo().performTextInput(words)
}
