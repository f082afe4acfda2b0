package org.kapcompanion.app

import android.os.Bundle
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isEnabled
import androidx.compose.ui.test.junit4.ComposeTestRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
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

/** Pairs, is let in, and stands on today. */
internal fun ComposeTestRule.pairWith(clinic: Clinic) {
    val link = clinic.invite("Ada")
    tap("Pair with your clinic")
    await("Link from your clinic")
    onNodeWithText("Link from your clinic").performTextInput(link)
    tap("Pair")
    await("Waiting for your clinic")
    awaitThat("the clinic sees the words") { clinic.words() != null }
    tap("Ask again now")
    await("Compare these words")
    clinic.admit()
    await("You are paired")
    tap("Continue")
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
