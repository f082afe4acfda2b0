package org.kapcompanion.app

import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.test.ext.junit.runners.AndroidJUnit4
import java.time.Duration
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.android.controller.ActivityController

private const val BOAT = "The boat was small, and I was not afraid."
private const val FATHER = "My father stood at the door."

/** The day of a session, against a real `sync-server` process and a clinic beside it. */
@RunWith(AndroidJUnit4::class)
class DayTest {
    private val phone = Phone()
    private val clinic = Clinic()
    private val clock = TurnedClock()
    private val compose = createEmptyComposeRule()

    @get:Rule val rules: RuleChain =
        RuleChain.outerRule(clinic).around(clock).around(phone).around(compose)

    private lateinit var activity: ActivityController<MainActivity>

    private fun open() {
        activity = Robolectric.buildActivity(MainActivity::class.java).setup()
    }

    private val light: Float get() = activity.get().window.attributes.screenBrightness

    private fun turnAll(ahead: Duration) {
        clinic.turnClock(ahead)
        clock.turn(ahead)
    }

    private fun theSessionIsPlanned() {
        clinic.writeRule("eating-and-drinking", "Nothing to eat from eight in the morning on.")
        clinic.assignGuide("session-day", "S-1")
        clinic.planSession(inMinutes = 180, place = "Harbor Street 12")
        compose.await("Session 1 is today")
        compose.await("Harbor Street 12")
    }

    private fun prepare() {
        compose.tap("Get ready")
        compose.await("Nothing to eat from eight in the morning on.")
        compose.type("Who takes you home", "Jonas")
        compose.tapBelow("Save who takes you home")
        compose.await("Jonas takes you home. It is not agreed yet.")
        compose.tapBelow("It is agreed with them")
        compose.await("Jonas takes you home. It is agreed.")
        compose.type("Your words", "To listen before I answer.")
        compose.tapBelow("Save it")
        compose.await("To hold in mind")
    }

    private fun writeDown(words: String) {
        compose.tapBelow("Write it")
        compose.await("Your words")
        compose.await("What you write now stays private")
        compose.onNodeWithText("Your words").performTextInput(words)
        compose.tap("Save")
        compose.await("After your session")
    }

    @Test
    fun `a patient's whole day, from pairing to the clinician's reply`() {
        open()
        compose.pairWith(clinic)
        theSessionIsPlanned()
        val guides = runBlocking { phone.app.door.record().guides("en").now }
        assertTrue("$guides", guides.any { it.guide == "session-day" })
        // Nothing is rated on the day.
        compose.onNodeWithText("Check in").assertDoesNotExist()
        prepare()
        val usual = light

        compose.tap("I’m here")
        compose.await("Your phone can rest; somebody")
        assertTrue("$light", light in 0f..0.1f)
        for (tab in listOf("Today", "Journal", "Program", "You")) compose.onNodeWithText(tab).assertDoesNotExist()
        compose.onNodeWithText("Help now").assertIsDisplayed()

        turnAll(Duration.ofHours(7))
        compose.await("After your session")
        assertEquals(usual, light)
        writeDown(BOAT)
        writeDown(FATHER)
        compose.await("2 things are kept for then.")
        compose.tapBelow("Rest")
        compose.await("Rest. Nothing waits for you.")
        compose.tap("Go on")
        assertEquals(emptyList<String>(), clinic.bodies())

        turnAll(Duration.ofHours(33))
        compose.await("From your quiet hours")
        compose.await(BOAT)
        compose.onNodeWithText(FATHER).assertExists()
        assertEquals(emptyList<String>(), clinic.bodies())
        compose.onAllNodesWithText("Share with my care team").onFirst().performScrollTo().performClick()
        compose.awaitThat("one waits") { compose.onAllNodesWithText("Keep it private").fetchSemanticsNodes().size == 1 }
        compose.tapBelow("Keep it private")
        compose.await("Nothing waits to be looked at again.")

        compose.awaitThat("what was shared arrives") { clinic.bodies() == listOf(BOAT) }
        clinic.reply(BOAT, "Thank you. Let us begin there on Thursday.")
        activity.get().onBackPressedDispatcher.onBackPressed()
        compose.await("A reply from Maya Lindqvist")
        compose.await("Thank you. Let us begin there on Thursday.")
        compose.tapBelow("Read the reply")
        compose.await("It answers")
        compose.await(BOAT)
        activity.close()
    }

    @Test
    fun `who opens the app in a session finds one sentence and help, and can say that it is over`() {
        open()
        compose.pairWith(clinic)
        clinic.planSession(inMinutes = 180, place = "Harbor Street 12")
        compose.await("Session 1 is today")
        turnAll(Duration.ofHours(4))
        compose.await("Your phone can rest. Speak to the people with you.")
        activity.close()

        open()
        compose.await("Your phone can rest; somebody is with you.")
        activity.get().onBackPressedDispatcher.onBackPressed()
        compose.tap("My session is over")
        compose.tap("Write, or rest")
        compose.await("After your session")
        compose.tapBelow("It is not over yet")
        compose.await("Your phone can rest; somebody is with you.")
        activity.close()
    }
}
