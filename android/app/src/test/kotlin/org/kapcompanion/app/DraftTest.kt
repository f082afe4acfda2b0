package org.kapcompanion.app

import android.os.Bundle
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performTextInput
import androidx.test.ext.junit.runners.AndroidJUnit4
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.android.controller.ActivityController

@RunWith(AndroidJUnit4::class)
class DraftTest {
    private val phone = Phone()
    private val compose = createEmptyComposeRule()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(phone).around(compose)

    private fun writing(): ActivityController<MainActivity> {
        val activity = Robolectric.buildActivity(MainActivity::class.java).setup()
        compose.tap("Begin without a clinic")
        compose.tap("Write something")
        compose.await("Your words")
        compose.onNodeWithText("Your words").performTextInput("Half a thought")
        return activity
    }

    private fun theDraftIsThere() {
        compose.await("Half a thought")
        compose.onNodeWithText("Half a thought").assertIsDisplayed()
        compose.onNodeWithText("Save").assertIsDisplayed()
    }

    @Test
    fun `a draft outlives a rotation`() {
        val activity = writing()
        activity.recreate()
        theDraftIsThere()
        activity.close()
    }

    @Test
    fun `a draft outlives the system's ending of the app`() {
        val saved = Bundle()
        writing().pause().stop().saveInstanceState(saved).destroy()
        // What the process knew is gone: a new activity has what was saved, and nothing else.
        val again = Robolectric.buildActivity(MainActivity::class.java).setup(saved)
        theDraftIsThere()
        compose.tap("Save")
        compose.tap("Journal")
        compose.await("Half a thought")
        again.close()
    }
}
