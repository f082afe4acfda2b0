package org.kapcompanion.app

import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isSelected
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.test.ext.junit.runners.AndroidJUnit4
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith

/** Against a real `sync-server` process and a clinic beside it. */
@RunWith(AndroidJUnit4::class)
class MeasureTest {
    private val phone = Phone()
    private val clinic = Clinic()
    private val compose = createEmptyComposeRule()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(clinic).around(phone).around(compose)

    private fun answer(words: String) {
        compose.tapBelow(words)
        compose.await(hasText(words) and isSelected(), words)
    }

    private fun begin(measure: String) {
        compose.goToProgram("Questionnaires")
        compose.tapBelow("Begin $measure")
    }

    @Test
    fun `what was broken off goes on at the same question, and its answers reach the clinic`() {
        var activity = started()
        compose.pairWith(clinic)
        begin("GAD-7")
        compose.await("Question 1 of 7")
        answer("Several days")
        compose.tapReady("Next")
        compose.await("Question 2 of 7")
        answer("Nearly every day")

        activity = activity.endedAndBack()
        compose.await("Question 2 of 7")
        compose.await(hasText("Nearly every day") and isSelected(), "the answer that was given")
        assertEquals(emptyList<Any>(), clinic.answers())

        compose.tapReady("Next")
        for (question in 3..7) {
            compose.await("Question $question of 7")
            if (question == 4) {
                compose.tapBelow("Leave this question out")
            } else {
                answer("Not at all")
                compose.tapReady("Next")
            }
        }
        compose.await("Look at your answers once more")
        compose.tapBelow("My care team")
        compose.tapReady("That is all: share it")
        val given = mapOf("1" to 1, "2" to 3, "3" to 0, "4" to "skipped", "5" to 0, "6" to 0, "7" to 0)
        compose.awaitThat("the answers arrive") { clinic.answers() == listOf("gad-7" to given) }
        // Of a questionnaire with a question left out no total is made up.
        compose.await("No total")
        compose.await("Who can read it: My care team")
        activity.close()
    }

    @Test
    fun `an answer can be changed before it is finished, and the total is a number alone`() {
        val activity = started()
        compose.tap("Begin without a clinic")
        begin("GAD-7")
        for (question in 1..7) {
            compose.await("Question $question of 7")
            answer("Several days")
            compose.tapReady("Next")
        }
        compose.tapBelow("Trouble relaxing")
        compose.await("Question 4 of 7")
        answer("Nearly every day")
        compose.tapBelow("The question before")
        compose.await("Question 3 of 7")
        for (question in 3..7) {
            compose.await("Question $question of 7")
            compose.tapReady("Next")
        }
        compose.tapReady("That is all")
        compose.await("Total: 9 of 21")
        compose.onNodeWithText("A total is a number to talk about, and no diagnosis.").assertIsDisplayed()
        compose.await("Who can read it: Only me")
        activity.close()
    }

    @Test
    fun `an answer about harm leads to help at once, and no alarm is promised`() {
        val activity = started()
        compose.pairWith(clinic)
        compose.goToProgram("Questionnaires")
        compose.await("the clinic has not set who reads the answers and when")
        clinic.setReadingHours()
        compose.tapBelow("Begin PHQ-9")
        for (question in 1..8) {
            compose.await("Question $question of 9")
            compose.tapBelow("Leave this question out")
        }
        compose.await("Question 9 of 9")
        answer("Several days")
        compose.await("Thank you for saying so")
        compose.await("Call 988")
        compose.await("Your answer alerts nobody.")
        compose.await("Nobody at your clinic sees this unless you share it.")
        compose.tapBelow("Your safety plan")
        compose.await("Looking at it tells nobody.")
        activity.close()
    }
}
