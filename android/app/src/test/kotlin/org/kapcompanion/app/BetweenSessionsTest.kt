package org.kapcompanion.app

import androidx.compose.ui.test.assertIsOff
import androidx.compose.ui.test.assertIsOn
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.test.ext.junit.runners.AndroidJUnit4
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.kapcompanion.core.NewsAnswer

private const val IN_THREE_DAYS = 3 * 24 * 60

/** What is done between sessions, against a real `sync-server` process and a clinic beside it. */
@RunWith(AndroidJUnit4::class)
class BetweenSessionsTest {
    private val phone = Phone()
    private val clinic = Clinic()
    private val compose = createAndroidComposeRule<MainActivity>()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(clinic).around(phone).around(compose)

    @Test
    fun `a session is prepared for days before`() {
        compose.pairWith(clinic)
        clinic.planSession(IN_THREE_DAYS, "Harbor Street 12")
        compose.tap("Program")
        compose.tapBelow("Sessions")
        compose.await("Session 1")
        compose.await("Nobody is named yet to take you home.")
        compose.tap("Session 1")
        compose.await("Medical provider: Dr. Vega")
        compose.tapBelow("Get ready for it")
        compose.tapBelow("Nothing is new")
        compose.await("nothing is new.")
        val session = runBlocking { checkNotNull(phone.app.door.record().nextSession()).head.id }
        val said = runBlocking { phone.app.door.record().whatIsNew(session) }
        assertEquals(listOf(NewsAnswer.NOTHING), said.map { it.answer })
        val first = runBlocking { checkNotNull(phone.app.door.record().preparation(session)).items.first() }
        compose.onNodeWithText(first.words).performScrollTo().assertIsOff().performClick()
        compose.awaitThat("it is ticked") {
            runBlocking { checkNotNull(phone.app.door.record().preparation(session)).items.first().isDone }
        }
        compose.awaitThat("the page knows") { isOn(first.words) }
    }

    private fun isOn(text: String): Boolean = try {
        compose.onNodeWithText(text).assertIsOn()
        true
    } catch (_: AssertionError) {
        false
    }

    @Test
    fun `a line stands on the list until it was talked about`() {
        compose.pairWith(clinic)
        compose.tap("Program")
        compose.tapBelow("For my next session")
        compose.type("A line for your next session", "Ask about the rope.")
        compose.tapBelow("Put it on the list")
        compose.await("To talk about; your care team can read these")
        compose.tapBelow("We talked about it")
        compose.await("they are not marked to talk about")
        compose.onNodeWithText("We talked about it").assertDoesNotExist()
    }
}
