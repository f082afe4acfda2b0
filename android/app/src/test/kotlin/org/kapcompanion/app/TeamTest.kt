package org.kapcompanion.app

import androidx.compose.ui.test.assertIsOff
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.test.ext.junit.runners.AndroidJUnit4
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith

/** The care team, against a real `sync-server` process and a clinic beside it. */
@RunWith(AndroidJUnit4::class)
class TeamTest {
    private val phone = Phone()
    private val clinic = Clinic()
    private val compose = createAndroidComposeRule<MainActivity>()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(clinic).around(phone).around(compose)

    private fun back() = compose.runOnUiThread { compose.activity.onBackPressedDispatcher.onBackPressed() }

    @Test
    fun `who looked is told, and what was opened in an emergency says so`() {
        compose.pairWith(clinic)
        clinic.look()
        phone.app.exchange.soon()
        compose.tap("You")
        compose.tapBelow("Who looked")
        compose.await("Maya Lindqvist")
        compose.await("journal: at")
        compose.await("Noor")
        compose.await("In an emergency")
        back()
        compose.tapBelow("Care team")
        compose.await("May open: everything")
        compose.await("Last looked:")
        compose.await("The sync server can't.")
    }

    @Test
    fun `what the clinic asks for is allowed in part, and taken back`() {
        compose.pairWith(clinic)
        clinic.askForRelease()
        phone.app.exchange.soon()
        compose.tap("You")
        compose.tapBelow("Care team")
        compose.await("Your clinic asks for 1 permission.")
        compose.tapBelow("Permissions")
        compose.tapBelow("Read it and answer")
        compose.await("so that prescriptions fit together")
        compose.onNodeWithText("medicines and screening").performScrollTo().performClick()
        compose.onNodeWithText("medicines and screening").assertIsOff()
        compose.tapBelow("Allow what is checked")
        compose.await("Your clinic may tell them.")
        compose.await("What: questionnaires")
        compose.awaitThat("the clinic may") { clinic.releases() == listOf("Live") }
        compose.tapBelow("Look at it or take it back")
        compose.tapBelow("Take it back")
        compose.await("Take this permission back?")
        compose.onNodeWithText("Words for your clinic (you can leave them out)").performTextInput("I changed doctors")
        compose.tapBelow("Take it back")
        compose.await("You took it back on")
        compose.awaitThat("the clinic may not") { clinic.releases().single().startsWith("TakenBack") }
    }

    @Test
    fun `somebody outside is allowed to be told something, for a time`() {
        compose.pairWith(clinic)
        compose.tap("You")
        compose.tapBelow("Care team")
        compose.tapBelow("Permissions")
        compose.tap("Allow something")
        compose.await("Who (name)")
        compose.onNodeWithText("Who (name)").performTextInput("Dr. Ortiz")
        compose.onNodeWithText("What they are, such as “psychiatrist”").performTextInput("psychiatrist")
        compose.onNodeWithText("What for").performTextInput("prescriptions")
        compose.onNodeWithText("goals").performScrollTo().performClick()
        compose.tap("Allow it")
        compose.await("Your clinic may tell them.")
        compose.await("Dr. Ortiz")
        compose.awaitThat("the clinic may") { clinic.releases() == listOf("Live") }
    }
}
