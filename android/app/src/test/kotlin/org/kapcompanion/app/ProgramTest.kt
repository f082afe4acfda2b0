package org.kapcompanion.app

import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.test.ext.junit.runners.AndroidJUnit4
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith

/** Against a real `sync-server` process and a clinic beside it. */
@RunWith(AndroidJUnit4::class)
class ProgramTest {
    private val phone = Phone()
    private val clinic = Clinic()
    private val compose = createEmptyComposeRule()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(clinic).around(phone).around(compose)

    @Test
    fun `costs are acknowledged under a name, and the clinic sees it`() {
        val activity = started()
        compose.pairWith(clinic)
        clinic.writeCosts()
        compose.goToProgram("Structure and costs")
        compose.await("120.00 USD")
        compose.await("Maya Lindqvist went through this version with you")
        compose.type("Your name", "Ada L.")
        compose.tapBelow("I have looked at this")
        compose.await("Acknowledged by Ada L.")
        compose.awaitThat("the clinic sees it") { clinic.costsAcknowledgedBy() == "Ada L." }
        activity.close()
    }

    @Test
    fun `a medicine that is added reaches the clinic, and one that is stopped stays on the list`() {
        val activity = started()
        compose.pairWith(clinic)
        compose.goToProgram("Medicines")
        compose.await("Nothing is on the list yet.")
        compose.type("Name", "Sertraline 50 mg")
        val again = activity.endedAndBack()
        compose.await("Sertraline 50 mg")
        compose.tapBelow("Add to the list")
        compose.await("I do not take it any more")
        compose.awaitThat("it arrives") { clinic.medicines() == listOf("Sertraline 50 mg") }
        compose.tapBelow("I do not take it any more")
        compose.await("Not taken any more since")
        compose.await("Sertraline 50 mg")
        again.close()
    }

    @Test
    fun `what is written for the assessment is private until it is shared`() {
        val activity = started()
        compose.pairWith(clinic)
        compose.goToProgram("Your assessment")
        compose.tapBelow("What I hope to work on")
        compose.type("Your words", "Sleeping through a night.")
        compose.tapReady("Save")
        compose.await("Who can read it: Only me")
        assertEquals(emptyList<String>(), clinic.assessmentTexts())

        compose.tapBelow("What I hope to work on")
        compose.await("Sleeping through a night.")
        compose.tapBelow("My care team")
        compose.tapReady("Save")
        compose.awaitThat("it arrives") { clinic.assessmentTexts() == listOf("Sleeping through a night.") }
        compose.await("Who can read it: My care team")
        activity.close()
    }

    @Test
    fun `half a thought for the assessment outlives the system's ending of the app`() {
        val activity = started()
        compose.tap("Begin without a clinic")
        compose.goToProgram("Your assessment")
        compose.tapBelow("What I’ve already tried")
        compose.type("Your words", "Half a thought")
        val again = activity.endedAndBack()
        compose.await("Half a thought")
        compose.tapReady("Save")
        compose.await("Who can read it: Only me")
        again.close()
    }
}
