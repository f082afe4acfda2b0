package org.kapcompanion.app

import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isOff
import androidx.compose.ui.test.isOn
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.test.ext.junit.runners.AndroidJUnit4
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith

private const val SWITCH = "Show my people on “Help now”"

/** The place of step 4 among the buttons that add a line. */
private const val PEOPLE = 3

@RunWith(AndroidJUnit4::class)
class SafetyTest {
    private val phone = Phone()
    private val clinic = Clinic()
    private val compose = createEmptyComposeRule()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(clinic).around(phone).around(compose)

    private fun openPlan() {
        compose.tap("You")
        compose.tapBelow("Safety plan")
        compose.await("Add a line")
    }

    private fun typePerson() {
        compose.onAllNodesWithText("Add a line")[PEOPLE].performScrollTo().performClick()
        compose.await("What it says")
        compose.onNodeWithText("What it says").performTextInput("Jonas, my brother")
        compose.onNodeWithText("Number to call", substring = true).performTextInput("555 0100")
    }

    private fun addPerson() {
        typePerson()
        compose.tapReady("Save")
        compose.await("Jonas, my brother")
    }

    private fun theHelpPageShows(): Boolean {
        compose.tap("Help now")
        compose.await("Opening this page tells nobody.")
        // Read from the copy beside the record: without a key it is all that there is.
        compose.await("Jonas, my brother")
        compose.waitForIdle()
        val shown = compose.onAllNodesWithText("People you named").fetchSemanticsNodes(false).isNotEmpty()
        compose.onNodeWithContentDescription("Back").performClick()
        compose.await(SWITCH)
        return shown
    }

    @Test
    fun `somebody of the plan stands on the help page without unlocking only where that is allowed`() {
        val activity = started()
        compose.tap("Begin without a clinic")
        openPlan()
        addPerson()
        assertEquals(false, theHelpPageShows())

        compose.tapBelow(SWITCH)
        compose.await(hasText(SWITCH) and isOn(), "the switch, on")
        compose.tap("Help now")
        compose.await("People you named")
        compose.onNodeWithContentDescription("Back").performClick()

        compose.await(SWITCH)
        compose.tapBelow(SWITCH)
        compose.await(hasText(SWITCH) and isOff(), "the switch, off")
        compose.tap("Help now")
        compose.awaitThat("nobody is named any more") {
            compose.onAllNodesWithText("People you named").fetchSemanticsNodes(false).isEmpty()
        }
        activity.close()
    }

    @Test
    fun `a line that is half written outlives the system's ending of the app`() {
        val activity = started()
        compose.tap("Begin without a clinic")
        openPlan()
        typePerson()
        val again = activity.endedAndBack()
        compose.await("Jonas, my brother")
        compose.await("555 0100")
        compose.tapReady("Save")
        compose.await("Call 555 0100")
        again.close()
    }

    @Test
    fun `a line is changed, moved and removed`() {
        val activity = started()
        compose.tap("Begin without a clinic")
        openPlan()
        addPerson()
        compose.await(hasContentDescription("Change “Jonas, my brother”"), "its button")
        compose.onNodeWithContentDescription("Change “Jonas, my brother”").performScrollTo().performClick()
        compose.await("Remove this line")
        compose.onNodeWithText("What it says").performTextInput("Big ")
        compose.tapReady("Save")
        compose.await(hasContentDescription("Big", substring = true), "the changed line")
        compose.onNodeWithContentDescription("Big", substring = true).performScrollTo().performClick()
        compose.tapBelow("Remove this line")
        compose.await("It goes from your plan on all your phones.")
        compose.tapBelow("Yes, remove it")
        compose.await(SWITCH)
        compose.awaitThat("the line is gone") {
            compose.onAllNodesWithText("Big", substring = true).fetchSemanticsNodes(false).isEmpty()
        }
        activity.close()
    }

    @Test
    fun `the clinic reads the plan only once it is shared, and not any more once it is taken back`() {
        val activity = started()
        compose.pairWith(clinic)
        openPlan()
        addPerson()
        assertEquals(emptyList<String>(), clinic.safetyLines())
        compose.tapBelow("Share the plan with my care team")
        compose.awaitThat("the plan arrives") { clinic.safetyLines() == listOf("Jonas, my brother") }
        compose.tapBelow("Take it back")
        compose.await("The plan becomes private again.")
        compose.tapBelow("Yes, take it back")
        compose.awaitThat("the plan is taken back") { clinic.safetyLines().isEmpty() }
        activity.close()
    }
}
