package org.kapcompanion.app

import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.test.ext.junit.runners.AndroidJUnit4
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.kapcompanion.core.version

@RunWith(AndroidJUnit4::class)
class OpensTest {
    @get:Rule val compose = createAndroidComposeRule<MainActivity>()

    @Test
    fun `the activity opens and reaches the core`() {
        compose.onNodeWithText(version(), substring = true).assertIsDisplayed()
    }
}
