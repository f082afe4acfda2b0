package org.kapcompanion.app

import android.view.WindowManager
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTextReplacement
import androidx.test.ext.junit.runners.AndroidJUnit4
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.core.CompanionException

/** The person's phones and recovery words, against a real `sync-server` process and a clinic beside it. */
@RunWith(AndroidJUnit4::class)
class DevicesTest {
    private val phone = Phone()
    private val clinic = Clinic()
    private val second = SecondPhone()
    private val compose = createAndroidComposeRule<MainActivity>()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(clinic).around(second).around(phone).around(compose)

    private val isKeptOutOfPictures
        get() = compose.activity.window.attributes.flags and WindowManager.LayoutParams.FLAG_SECURE != 0

    private fun back() = compose.runOnUiThread { compose.activity.onBackPressedDispatcher.onBackPressed() }

    /** All that is shown as text. */
    private fun shown(): List<String> = compose.onAllNodes(SemanticsMatcher.keyIsDefined(SemanticsProperties.Text))
        .fetchSemanticsNodes(false)
        .map { node -> node.config[SemanticsProperties.Text].joinToString(" ") }

    /** Pairs, and waits for the place that the clinic makes for what is private: it comes with an exchange of its own. */
    private fun pair() {
        compose.pairWith(clinic)
        runBlocking {
            repeat(3) {
                clinic.bodies()
                phone.app.door.record().sync()
            }
        }
    }

    @Test
    fun `a second phone is let in once both show the same words, and removed when it is lost`() {
        pair()
        compose.tap("You")
        compose.tapBelow("Your phones")
        compose.tapBelow("Add a second phone")
        compose.tap("Make a link")
        compose.await("kap://pair/")
        second.join(shown().single { it.startsWith("kap://pair/") })
        compose.tapBelow("Ask again now")
        compose.await("A phone came by your link")
        var words: List<String>? = null
        compose.awaitThat("the second phone shows words") {
            phone.app.exchange.soon()
            second.words().also { words = it } != null
        }
        compose.await("Does the other phone show the same words?")
        for (word in checkNotNull(words)) compose.await(word)
        compose.tapBelow("The same words: let it in")
        compose.await("The other phone is let in.")
        compose.awaitThat("the second phone is in") { second.isIn() }

        back()
        compose.awaitThat("two phones are listed") { shown().any { it == "Another phone of yours" } }
        compose.tapBelow("Remove it")
        compose.await("It gets nothing that is written from now on.")
        compose.tapBelow("Remove it")
        compose.await("Not in your record any more")
        compose.awaitThat("the second phone is out") { !second.isIn() }
    }

    @Test
    fun `this phone is renamed`() {
        compose.tap("Begin without a clinic")
        compose.tap("You")
        compose.tapBelow("Your phones")
        compose.tap("Give it another name")
        val field = SemanticsMatcher.keyIsDefined(SemanticsProperties.EditableText)
        compose.onNode(field).performTextReplacement("Ada, kitchen")
        compose.tap("Save")
        compose.awaitThat("the new name is kept") {
            runBlocking { phone.app.door.record().status().name } == "Ada, kitchen"
        }
        compose.await(hasText("Ada, kitchen"), "the new name")
    }

    @Test
    fun `recovery words are hidden first, in no picture, checked, and then bring the record back`() {
        phone.app.settings.change { it.copy(allowsPictures = true) }
        pair()
        compose.awaitThat("pictures are allowed elsewhere") { !isKeptOutOfPictures }
        compose.tap("You")
        compose.tapBelow("Recovery words")
        compose.await("Before you make them")
        assertTrue(isKeptOutOfPictures)
        compose.tapBelow("Make recovery words")
        compose.await("Is nobody looking")
        assertFalse(shown().any { Numbered.matches(it) })
        compose.tap("Show the words")
        compose.await("Write down all twelve")
        val words = shown().mapNotNull { Numbered.matchEntire(it)?.groupValues?.get(1) }
        assertEquals(12, words.size)
        val server = shown().single { it.startsWith("http") }
        compose.tapBelow("They are on paper")
        compose.await("Check your paper")
        val places = shown().mapNotNull { Place.matchEntire(it)?.groupValues?.get(1)?.toInt() }
        assertEquals(3, places.size)
        for ((index, place) in places.withIndex()) {
            val word = if (index == 0) "wrong" else words[place - 1]
            compose.onNodeWithText("Word $place").performTextInput(word)
        }
        compose.tapBelow("Confirm")
        compose.await("Word ${places[0]} is another one. Look at your paper.")
        compose.onNodeWithText("Word ${places[0]}").performScrollTo().performTextReplacement(words[places[0] - 1])
        compose.tapBelow("Confirm")
        compose.await("Your words are good")
        compose.tap("Done")
        compose.await("You")
        compose.awaitThat("pictures are allowed again") { !isKeptOutOfPictures }
        comesBackBy(server, words)
    }

    private fun comesBackBy(server: String, words: List<String>) {
        runBlocking { second.record.recover(server, words.joinToString(" ")) }
        compose.awaitThat("the words brought it back") { second.isIn() }
    }

    @Test
    fun `words that are none are refused in the core's words, and stay to be mended`() {
        compose.tapBelow("Come back with recovery words")
        compose.onNodeWithText("Your twelve words").performTextInput("one two three")
        compose.onNodeWithText("Address of the server").performTextInput("https://sync.example")
        compose.tap("Bring my record here")
        val why = runCatching {
            runBlocking { phone.app.door.record().recover("https://sync.example", "one two three") }
        }.exceptionOrNull() as CompanionException.BadRecoveryWords
        compose.await(sentence(why.words))
        assertTrue(isKeptOutOfPictures)
        compose.onNodeWithText("https://sync.example").assertExists()
    }

    private companion object {
        val Numbered = Regex("""\d+\. ([a-z]+)""")
        val Place = Regex("""Word (\d+)""")
    }
}
