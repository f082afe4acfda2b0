package org.kapcompanion.app

import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isOff
import androidx.compose.ui.test.isOn
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performScrollTo
import androidx.test.ext.junit.runners.AndroidJUnit4
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith

private const val RIDE = "Ask someone to take you home."

/** Against a real `sync-server` process and a clinic beside it. */
@RunWith(AndroidJUnit4::class)
class GuideTest {
    private val phone = Phone()
    private val clinic = Clinic()
    private val compose = createEmptyComposeRule()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(clinic).around(phone).around(compose)

    private fun task() = hasText(RIDE, substring = true)

    @Test
    fun `what is ticked stays so when the system ends the app, and the clinic sees it`() {
        val activity = started()
        compose.pairWith(clinic)
        clinic.sayReady()
        compose.goToProgram("Guides")
        compose.tapBelow("Getting ready")
        compose.await(task() and isOff(), RIDE)
        compose.onNodeWithText(RIDE, substring = true).performScrollTo()
        compose.tapWith(task())
        compose.await(task() and isOn(), "$RIDE, ticked")

        val again = activity.endedAndBack()
        compose.await(task() and isOn(), "$RIDE, still ticked")
        compose.awaitThat("the clinic sees the tick") { clinic.ticks() == listOf("ride") }

        compose.tapWith(task())
        compose.await(task() and isOff(), "$RIDE, not ticked any more")
        compose.awaitThat("the clinic sees that it is taken back") { clinic.ticks().isEmpty() }
        again.close()
    }

    @Test
    fun `a guide goes on where somebody was`() {
        val activity = started()
        compose.tap("Begin without a clinic")
        compose.goToProgram("Guides")
        compose.tapBelow("The four phases")
        compose.await("Where this comes from")
        compose.onNodeWithText("Once you are paired with a clinic", substring = true).performScrollTo()
        compose.waitForIdle()
        val again = activity.endedAndBack()
        compose.await("Where this comes from")
        compose.awaitThat("the end is in sight") {
            try {
                compose.onNodeWithText("Once you are paired with a clinic", substring = true).assertIsDisplayed()
                true
            } catch (_: AssertionError) {
                false
            }
        }
        again.close()
    }

    @Test
    fun `of the guide on misuse nothing is kept, and it says so`() {
        val activity = started()
        compose.pairWith(clinic)
        clinic.sayReady()
        compose.goToProgram("Guides")
        compose.tapBelow("Misuse, and your bladder")
        compose.await("Nobody is told that you opened this guide, and nothing of it is kept.")
        compose.await("Call 988")
        assertEquals(emptyList<String>(), clinic.ticks())
        activity.close()
    }
}
