package org.kapcompanion.app

import androidx.compose.ui.test.assertIsOff
import androidx.compose.ui.test.assertIsOn
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.test.ext.junit.runners.AndroidJUnit4
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.kapcompanion.core.ClockTime
import org.kapcompanion.core.LockScreenWords
import org.kapcompanion.core.ReminderPause
import org.kapcompanion.core.ReminderPreferencesView
import org.kapcompanion.core.ReminderTopic

/** What somebody chooses about reminders is in the record, and the page shows what is there. */
@RunWith(AndroidJUnit4::class)
class RemindersPageTest {
    private val phone = Phone()
    private val compose = createAndroidComposeRule<MainActivity>()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(phone).around(compose)

    private fun chosen(): ReminderPreferencesView = runBlocking { phone.app.door.record().reminderPreferences() }

    private fun goThere() {
        compose.tap("Begin without a clinic")
        compose.tap("You")
        compose.tapBelow("Reminders")
        compose.await("I need a break")
    }

    @Test
    fun `a break is chosen and ended`() {
        goThere()
        compose.tapBelow("Until I end it")
        compose.await("You are reminded of nothing.")
        assertEquals(ReminderPause.Open, chosen().allPaused)
        compose.tapBelow("End the break")
        compose.await("Nothing is shown for as long as you choose")
        assertNull(chosen().allPaused)
    }

    @Test
    fun `one topic is switched off, and the lock screen may say what it is about`() {
        goThere()
        compose.onNodeWithText("Check-ins").performScrollTo().assertIsOn().performClick()
        compose.awaitThat("it is off") { chosen().topicsPaused.map { it.topic } == listOf(ReminderTopic.CHECK_IN) }
        compose.awaitThat("the page knows") { isOff("Check-ins") }
        compose.onNodeWithText("Questionnaires").assertIsOn()
        compose.onNodeWithText("Show what it is about").performScrollTo().assertIsOff().performClick()
        compose.awaitThat("it may") { chosen().lockScreen == LockScreenWords.WORDS }
    }

    private fun isOff(text: String): Boolean = try {
        compose.onNodeWithText(text).assertIsOff()
        true
    } catch (_: AssertionError) {
        false
    }

    @Test
    fun `quiet hours are chosen, and a day that is all quiet is refused in the core's words`() {
        goThere()
        compose.tapBelow("Choose other hours")
        repeat(2) {
            compose.onNodeWithContentDescription("From: half an hour earlier").performScrollTo().performClick()
        }
        compose.tapBelow("Keep it quiet then")
        compose.awaitThat("it is kept") { chosen().quietHours?.from == ClockTime(20u, 0u) }
        assertEquals(ClockTime(9u, 0u), chosen().quietHours?.until)
        compose.tapBelow("Choose other hours")
        repeat(16) {
            compose.onNodeWithContentDescription("Until: half an hour later").performScrollTo().performClick()
        }
        compose.tapBelow("Keep it quiet then")
        compose.awaitThat("it is refused") { shownProblem() }
        assertEquals(ClockTime(9u, 0u), chosen().quietHours?.until)
        compose.tapBelow("As your clinic set them")
        compose.awaitThat("it is taken back") { chosen().quietHours == null }
    }

    private fun shownProblem(): Boolean = compose.onAllNodes(hasText("six hours", substring = true, ignoreCase = true))
        .fetchSemanticsNodes(false).isNotEmpty()
}
