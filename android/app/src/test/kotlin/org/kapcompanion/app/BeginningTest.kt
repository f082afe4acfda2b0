package org.kapcompanion.app

import android.content.pm.ApplicationInfo
import android.view.WindowManager
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performTextInput
import androidx.test.ext.junit.runners.AndroidJUnit4
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.kapcompanion.app.record.recordFile

@RunWith(AndroidJUnit4::class)
class BeginningTest {
    private val phone = Phone()
    private val compose = createAndroidComposeRule<MainActivity>()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(phone).around(compose)

    @Test
    fun `somebody without a clinic checks in with two taps`() {
        compose.tap("Begin without a clinic")
        compose.await(hasContentDescription("pleasant"), "the step")
        compose.onNodeWithContentDescription("pleasant").performClick()
        compose.tap("Done")
        compose.await("You checked in today: pleasant.")
        compose.onNodeWithText("not sent yet", substring = true).assertDoesNotExist()
    }

    @Test
    fun `an entry is written, and says who can read it and where it is`() {
        compose.tap("Begin without a clinic")
        compose.tap("Write something")
        compose.await("Your words")
        compose.onNodeWithText("Save").assertIsNotEnabled()
        compose.onNodeWithText("Your words").performTextInput("Slept well, walked by the river.")
        compose.tap("Save")
        compose.tap("Journal")
        compose.await("Slept well, walked by the river.")
        compose.onNodeWithText("Who can read it: Only me", substring = true).assertIsDisplayed()
        compose.onNodeWithText("Where it is: only on your devices", substring = true).assertIsDisplayed()
    }

    @Test
    fun `a mangled link is refused in the core's words, and stays to be mended`() {
        compose.tap("Pair with your clinic")
        compose.await("Link from your clinic")
        compose.onNodeWithText("Link from your clinic").performTextInput("kap://pair/S0kB")
        compose.tap("Pair")
        compose.await("This is not a complete pairing link")
        compose.onNodeWithText("kap://pair/S0kB").assertIsDisplayed()
    }

    @Test
    fun `nothing is in pictures of the screen`() {
        val flags = compose.activity.window.attributes.flags
        assertTrue(flags and WindowManager.LayoutParams.FLAG_SECURE != 0)
    }

    @Test
    fun `nothing is in a backup`() {
        compose.await("Welcome")
        val file = recordFile(phone.app)
        assertTrue("$file", file.exists() && file.startsWith(phone.app.noBackupFilesDir))
        val kept = checkNotNull(file.parentFile).list().orEmpty().toList()
        assertTrue("$kept", "record.key" in kept)
        assertEquals(0, phone.app.applicationInfo.flags and ApplicationInfo.FLAG_ALLOW_BACKUP)
    }

    @Test
    fun `the record is opened off the main thread`() {
        compose.await("Welcome")
        assertTrue(FakeAndroidKeyStore.asked > 0)
        assertFalse(FakeAndroidKeyStore.askedOnMain)
    }
}
