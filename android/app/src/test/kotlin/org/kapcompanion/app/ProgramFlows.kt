package org.kapcompanion.app

import android.os.Bundle
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isEnabled
import androidx.compose.ui.test.junit4.ComposeTestRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import org.robolectric.Robolectric
import org.robolectric.android.controller.ActivityController

/** Starts the app. */
internal fun started(): ActivityController<MainActivity> = Robolectric.buildActivity(MainActivity::class.java).setup()

/** The system ends the app, and the person comes back: a new activity has what was saved, and nothing else. */
internal fun ActivityController<MainActivity>.endedAndBack(): ActivityController<MainActivity> {
    val saved = Bundle()
    pause().stop().saveInstanceState(saved).destroy()
    return Robolectric.buildActivity(MainActivity::class.java).setup(saved)
}

/** Goes to a page of the program, from today. */
internal fun ComposeTestRule.goToProgram(page: String) {
    tap("Program")
    tapBelow(page)
}

/** Taps a button once it can be tapped. */
internal fun ComposeTestRule.tapReady(text: String) {
    await(hasText(text) and isEnabled(), text)
    onNodeWithText(text).performClick()
}

/** Taps what is such. */
internal fun ComposeTestRule.tapWith(matcher: SemanticsMatcher) {
    onNode(matcher).performScrollTo().performClick()
}
