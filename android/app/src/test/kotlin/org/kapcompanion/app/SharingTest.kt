package org.kapcompanion.app

import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTextReplacement
import androidx.test.ext.junit.runners.AndroidJUnit4
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith

/** Sharing after the fact, against a real `sync-server` process and a clinic beside it. */
@RunWith(AndroidJUnit4::class)
class SharingTest {
    private val phone = Phone()
    private val clinic = Clinic()
    private val compose = createAndroidComposeRule<MainActivity>()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(clinic).around(phone).around(compose)

    private fun writePrivately(words: String) {
        compose.tap("Write something")
        compose.await("Your words")
        compose.onNodeWithText("Your words").performTextInput(words)
        compose.tap("Save")
        compose.await("Write something")
        compose.tap("Journal")
        compose.tap(words)
        compose.await("Who can read it: Only me")
    }

    private fun clinicReads(vararg bodies: String) =
        compose.awaitThat("the clinic reads ${bodies.toList()}") { clinic.bodies() == bodies.toList() }

    @Test
    fun `an entry is shared after the fact, edited, and taken back`() {
        compose.pairWith(clinic)
        writePrivately("The boat came back")
        compose.tapBelow("Talk about it in a session")
        compose.await("Who can read it: Talk about it in a session")
        clinicReads("The boat came back")

        compose.tapBelow("Edit")
        compose.await("Your care team reads what you change here.")
        compose.onNodeWithText("The boat came back").performTextReplacement("The boat was smaller")
        compose.tap("Save")
        compose.await("The boat was smaller")
        clinicReads("The boat was smaller")

        compose.tapBelow("Take it back")
        compose.await("Take it back?")
        // In the core's words.
        compose.await("pages stop showing it once they hear of it")
        compose.tapBelow("Leave it shared")
        compose.await("Who can read it: Talk about it in a session")
        compose.tapBelow("Take it back")
        compose.await("Take it back?")
        compose.tapBelow("Take it back")
        compose.await("Who can read it: Only me")
        clinicReads()
        compose.await("Share with my care team")
    }

    @Test
    fun `what is shared stands in one list, and is taken back from there`() {
        compose.pairWith(clinic)
        writePrivately("Not for everybody")
        compose.tapBelow("Share with my care team")
        compose.await("Who can read it: My care team")
        compose.activity.onBackPressedDispatcher.onBackPressed()
        compose.tap("You")
        compose.tapBelow("What I share")
        compose.await("People at Harbor Street Clinic can read this")
        compose.await("Not for everybody")
        compose.tapBelow("Take it back")
        compose.await("Take it back?")
        compose.tapBelow("Take it back")
        compose.await("You share nothing.")
        clinicReads()
    }

    @Test
    fun `an entry is deleted only after it was asked, and says what stays where`() {
        compose.pairWith(clinic)
        writePrivately("To be gone")
        compose.tapBelow("Delete")
        compose.await("Delete it?")
        compose.await("backups that were made before, still hold it")
        compose.tapBelow("Keep it")
        compose.onNodeWithText("To be gone").performScrollTo()
        compose.tapBelow("Delete")
        compose.await("Delete it?")
        compose.tapBelow("Delete")
        compose.await("Nothing is written yet.")
    }
}
