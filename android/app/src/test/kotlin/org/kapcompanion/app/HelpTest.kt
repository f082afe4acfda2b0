package org.kapcompanion.app

import android.content.Intent
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.test.ext.junit.runners.AndroidJUnit4
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import org.junit.rules.ExternalResource
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.robolectric.Shadows.shadowOf

@RunWith(AndroidJUnit4::class)
class HelpTest {
    private val phone = Phone()
    private val locked = object : ExternalResource() {
        override fun before() {
            FakeAndroidKeyStore.isLocked = true
        }
    }
    private val compose = createAndroidComposeRule<MainActivity>()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(phone).around(locked).around(compose)

    @Test
    fun `whom to call is there while the phone is locked, and without a network`() {
        compose.await("Can’t open right now")
        compose.onNodeWithText("The key is locked.").assertIsDisplayed()
        compose.onNodeWithText("Help now").performClick()
        compose.await("Call 988")
        compose.onNodeWithText("Call 988", substring = true).performClick()
        val dialed = shadowOf(compose.activity).nextStartedActivity
        assertEquals(Intent.ACTION_DIAL, dialed.action)
        assertEquals("tel:988", dialed.dataString)
    }

    @Test
    fun `once the phone is unlocked, trying again opens the record`() {
        compose.await("Can’t open right now")
        FakeAndroidKeyStore.isLocked = false
        compose.tap("Try again")
        compose.await("Begin without a clinic")
    }
}
