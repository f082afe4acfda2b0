package org.kapcompanion.app

import android.os.Bundle
import android.view.View
import android.view.ViewGroup
import android.view.inputmethod.EditorInfo
import android.view.inputmethod.InputConnection
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performTextInput
import androidx.core.view.children
import androidx.test.ext.junit.runners.AndroidJUnit4
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.kapcompanion.core.PageRequest
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

    private fun swipedAway(activity: ActivityController<MainActivity>): ActivityController<MainActivity> {
        activity.pause().stop().destroy()
        return Robolectric.buildActivity(MainActivity::class.java).setup()
    }

    @Test
    fun `a draft outlives the app's being closed from the list of recent apps, and saving ends it`() {
        var activity = swipedAway(writing())
        // Nothing is in the record yet.
        compose.tap("Begin without a clinic")
        compose.tap("Write something")
        theDraftIsThere()
        compose.tap("Save")
        compose.await("Today")
        activity = swipedAway(activity)
        compose.tap("Write something")
        compose.await("Your words")
        compose.onNodeWithText("Half a thought").assertDoesNotExist()
        activity.close()
    }

    @Test
    fun `what is changed of an entry outlives it as well, and goes with the entry`() {
        var activity = writing()
        compose.tap("Save")
        compose.tap("Journal")
        compose.tap("Half a thought")
        compose.tapBelow("Edit")
        compose.type("Your words", ", and its other half")
        activity = swipedAway(activity)
        compose.tap("Journal")
        compose.tap("Half a thought")
        compose.tapBelow("Edit")
        compose.await("and its other half")
        val app = phone.app
        val entry = app.doing { app.door.use { record -> record.journal().use { it.page(PageRequest(rows = 9u)) } } }
        val id = entry.items.single().head.id
        waitUntil { app.doing { app.door.use { it.draft("entry", id) } } != null }
        app.doing { app.door.use { record -> record.journal().use { it.delete(id) } } }
        assertNull(app.doing { app.door.use { it.draft("entry", id) } })
        activity.close()
    }

    @Test
    fun `the keyboard is asked to learn nothing from what is typed`() {
        val activity = writing()
        val info = EditorInfo()
        val typedInto = checkNotNull(inputOf(activity.get().window.decorView, info))
        assertNotNull(typedInto)
        assertNotEquals(0, info.imeOptions and EditorInfo.IME_FLAG_NO_PERSONALIZED_LEARNING)
        activity.close()
    }

    private fun inputOf(view: View, info: EditorInfo): InputConnection? = view.onCreateInputConnection(info)
        ?: (view as? ViewGroup)?.children?.firstNotNullOfOrNull { inputOf(it, info) }
}
