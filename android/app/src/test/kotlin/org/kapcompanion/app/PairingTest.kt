package org.kapcompanion.app

import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performTextInput
import androidx.test.ext.junit.runners.AndroidJUnit4
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith

/** Against a real `sync-server` process and a clinic beside it. */
@RunWith(AndroidJUnit4::class)
class PairingTest {
    private val phone = Phone()
    private val clinic = Clinic()
    private val compose = createAndroidComposeRule<MainActivity>()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(clinic).around(phone).around(compose)

    private fun write(words: String) {
        compose.tap("Write something")
        compose.await("Your words")
        compose.onNodeWithText("Your words").performTextInput(words)
        compose.tapBelow("My care team")
        compose.tap("Save")
        compose.await("Write something")
    }

    @Test
    fun `somebody pairs, is let in, and what they share arrives`() {
        compose.pairWith(clinic)
        write("For the whole team")
        compose.awaitThat("the entry arrives") { clinic.bodies() == listOf("For the whole team") }
        compose.tap("Journal")
        compose.await("Who can read it: My care team")
        compose.await("Where it is: delivered to Harbor Street Clinic")
    }

    @Test
    fun `without a server all that is written stays, and says where it is`() {
        compose.pairWith(clinic)
        clinic.end()
        write("Written in the mountains")
        compose.await("saved on this phone and not sent yet")
        compose.await("The server cannot be reached.")
        compose.tap("Journal")
        compose.await("Written in the mountains")
        compose.onNodeWithText("Where it is: on this phone, not sent yet", substring = true).assertIsDisplayed()
    }
}
