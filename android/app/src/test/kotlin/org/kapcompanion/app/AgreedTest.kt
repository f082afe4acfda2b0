package org.kapcompanion.app

import android.os.Bundle
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithText
import androidx.test.ext.junit.runners.AndroidJUnit4
import java.time.Duration
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.kapcompanion.core.CommitmentBecame
import org.kapcompanion.core.PageRequest
import org.robolectric.Robolectric
import org.robolectric.android.controller.ActivityController

/** What is agreed on between sessions, and the list for the next one. */
@RunWith(AndroidJUnit4::class)
class AgreedTest {
    private val phone = Phone()
    private val clock = TurnedClock()
    private val compose = createEmptyComposeRule()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(clock).around(phone).around(compose)

    private fun open(saved: Bundle? = null): ActivityController<MainActivity> =
        Robolectric.buildActivity(MainActivity::class.java).run { if (saved == null) setup() else setup(saved) }

    private fun ended(activity: ActivityController<MainActivity>): Bundle {
        val saved = Bundle()
        activity.pause().stop().saveInstanceState(saved).destroy()
        return saved
    }

    private fun goTo(page: String) {
        compose.tap("Begin without a clinic")
        compose.tap("Program")
        compose.tapBelow(page)
    }

    private fun agree() {
        goTo("What we agreed on")
        compose.type("What it is", "Walk to the river.")
        compose.tapBelow("In three days")
        compose.tapBelow("Keep it")
        compose.await("To look at again on")
    }

    @Test
    fun `what is half written outlives the system's ending of the app`() {
        val first = open()
        goTo("What we agreed on")
        compose.type("What it is", "Walk to the ri")
        compose.tapBelow("In a week")
        val again = open(ended(first))
        compose.await("Walk to the ri")
        compose.tapBelow("Keep it")
        compose.await("To look at again on")
        again.close()
    }

    @Test
    fun `what became of it is asked on its day, and any answer is kept`() {
        val activity = open()
        agree()
        activity.get().onBackPressedDispatcher.onBackPressed()
        compose.tap("Today")
        compose.await("Write something")
        compose.onNodeWithText("You wanted to do this").assertDoesNotExist()

        clock.turn(Duration.ofDays(3))
        compose.await("You wanted to do this")
        compose.tapBelow("What became of it?")
        compose.tapBelow("I did not do it")
        compose.type("More about it (you can leave it out)", "It rained all week.")
        compose.tap("Save")
        compose.awaitThat("it is kept") { kept().single().became == CommitmentBecame.Not }
        assertEquals("It rained all week.", kept().single().becameWords)
        activity.get().onBackPressedDispatcher.onBackPressed()
        compose.await("Write something")
        compose.awaitThat("it is asked no more") {
            compose.onAllNodesWithText("You wanted to do this").fetchSemanticsNodes(false).isEmpty()
        }
        activity.close()
    }

    private fun kept() = runBlocking {
        phone.app.door.record().commitments().use { it.page(PageRequest()) }.items
    }

    @Test
    fun `another answer than before does not keep the words of the one before`() {
        val activity = open()
        agree()
        compose.tap("Walk to the river.")
        compose.tapBelow("I did it")
        compose.type("More about it (you can leave it out)", "Twice.")
        compose.tap("Save")
        compose.awaitThat("it is kept") { kept().single().becameWords == "Twice." }
        compose.tapBelow("It became something else")
        compose.tap("Save")
        compose.awaitThat("it is kept") { kept().single().became == CommitmentBecame.Changed }
        assertEquals("", kept().single().becameWords)
        activity.close()
    }

    @Test
    fun `a line for the next session is deleted once that is meant`() {
        val activity = open()
        goTo("For my next session")
        compose.type("A line for your next session", "Ask about the rope.")
        compose.tapBelow("Put it on the list")
        compose.await("Only on your own list")
        compose.tapBelow("Delete")
        compose.tapBelow("Leave it as it is")
        compose.onNodeWithText("Ask about the rope.").assertIsDisplayed()
        compose.tapBelow("Delete")
        compose.tapBelow("Yes, delete it")
        compose.await("Nothing is on your list.")
        activity.close()
    }
}
