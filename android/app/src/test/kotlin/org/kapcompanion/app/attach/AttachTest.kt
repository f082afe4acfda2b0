package org.kapcompanion.app.attach

import android.Manifest.permission.RECORD_AUDIO
import android.app.Activity
import android.content.Intent
import android.graphics.Bitmap
import android.net.Uri
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTouchInput
import androidx.compose.ui.test.swipe
import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import java.io.ByteArrayInputStream
import java.io.File
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Rule
import org.junit.Test
import org.junit.rules.ExternalResource
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.kapcompanion.app.CompanionApp
import org.kapcompanion.app.MainActivity
import org.kapcompanion.app.Phone
import org.kapcompanion.app.await
import org.kapcompanion.app.awaitThat
import org.kapcompanion.app.tap
import org.kapcompanion.app.tapBelow
import org.robolectric.Shadows.shadowOf

/** Voices, pictures and drawings of an entry, from the page of writing to the entry's own. */
@RunWith(AndroidJUnit4::class)
class AttachTest {
    private val app: CompanionApp = ApplicationProvider.getApplicationContext()
    private val recorder = FakeRecorder()
    private val player = FakePlayer()
    private val dictation = FakeDictation()
    private val phone = Phone()
    private val fakes = object : ExternalResource() {
        override fun before() {
            app.media = Media({ recorder }, { player }, { dictation })
        }
    }
    private val compose = createAndroidComposeRule<MainActivity>()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(phone).around(fakes).around(compose)

    private fun writing() {
        compose.tap("Begin without a clinic")
        compose.tap("Write something")
        compose.await("Your words")
    }

    private fun openTheEntry(words: String) {
        compose.tap("Save")
        compose.tap("Journal")
        compose.tap(words)
        compose.await("Entry")
    }

    @Test
    fun `a voice is taken down, sealed, and played again as it was`() {
        shadowOf(app).grantPermissions(RECORD_AUDIO)
        writing()
        compose.onNodeWithText("Save").assertIsNotEnabled()
        compose.tapBelow("Record your voice")
        compose.await("Listening")
        compose.tapBelow("Stop and keep")
        compose.await("Recording, 0:01")
        compose.onNodeWithText("Save").assertIsEnabled()
        assertEquals(emptyList<File>(), File(app.noBackupFilesDir, "recordings").listFiles().orEmpty().toList())
        compose.onNodeWithText("Your words").performTextInput("By the river")
        openTheEntry("By the river")
        compose.tapBelow("Play")
        compose.await("Stop")
        assertArrayEquals(wav(8_000), player.played.toByteArray())
        player.ended(true)
        compose.await("Play")
        // What the recorder wrote lies sealed, and nowhere else.
        val open = app.dataDir.walk().filter {
            it.isFile
        }.filter { it.readBytes().holds(wav(8_000).copyOfRange(8_000, 8_200)) }
        assertEquals(emptyList<File>(), open.toList())
    }

    private fun ByteArray.holds(part: ByteArray): Boolean =
        (0..size - part.size).any { at -> this[at] == part[0] && part.indices.all { this[at + it] == part[it] } }

    @Suppress("DEPRECATION")
    @Test
    fun `a microphone that is refused is said kindly, and what was typed stays`() {
        writing()
        compose.onNodeWithText("Your words").performTextInput("Half a thought")
        compose.tapBelow("Record your voice")
        val asked = shadowOf(compose.activity).lastRequestedPermission
        assertEquals(listOf(RECORD_AUDIO), asked.requestedPermissions.toList())
        compose.activity.onRequestPermissionsResult(asked.requestCode, asked.requestedPermissions, intArrayOf(-1))
        compose.await("The app may not use the microphone.")
        compose.onNodeWithText("Half a thought").assertExists()
        compose.onNodeWithText("Save").assertIsEnabled()
    }

    @Test
    fun `leaving the app ends a recording, and keeps it`() {
        shadowOf(app).grantPermissions(RECORD_AUDIO)
        writing()
        compose.tapBelow("Record your voice")
        compose.await("Listening")
        compose.activityRule.scenario.moveToState(androidx.lifecycle.Lifecycle.State.CREATED)
        compose.activityRule.scenario.moveToState(androidx.lifecycle.Lifecycle.State.RESUMED)
        compose.await("Recording, 0:01")
        compose.await("Your recording is saved, for you alone.")
    }

    @Test
    fun `a picture is chosen without a permission, and can be taken off again`() {
        writing()
        compose.tapBelow("Add a picture")
        val asked = shadowOf(compose.activity).nextStartedActivityForResult
        val picture = Uri.parse("content://media/picker/0/1")
        val bytes = encoded(Bitmap.createBitmap(64, 48, Bitmap.Config.ARGB_8888), Bitmap.CompressFormat.JPEG)
        shadowOf(app.contentResolver).registerInputStream(picture, ByteArrayInputStream(bytes))
        shadowOf(compose.activity).receiveResult(asked.intent, Activity.RESULT_OK, Intent().setData(picture))
        compose.await("Picture")
        assertFalse(shadowOf(compose.activity).lastRequestedPermission != null)
        compose.tapBelow("Take it off")
        compose.awaitThat("it is gone") { compose.onAllNodes(hasText("Picture")).fetchSemanticsNodes(false).isEmpty() }
    }

    @Test
    fun `a picture that can't be read is said kindly, and nothing is added`() {
        writing()
        compose.onNodeWithText("Your words").performTextInput("Half a thought")
        compose.tapBelow("Add a picture")
        val asked = shadowOf(compose.activity).nextStartedActivityForResult
        val picture = Uri.parse("content://media/picker/0/2")
        shadowOf(app.contentResolver).registerInputStream(picture, ByteArrayInputStream("no picture".toByteArray()))
        shadowOf(compose.activity).receiveResult(asked.intent, Activity.RESULT_OK, Intent().setData(picture))
        compose.await("This picture can’t be read.")
        compose.onNodeWithText("Half a thought").assertExists()
    }

    @Test
    fun `a drawing is drawn with a finger, and shown whole on its entry`() {
        writing()
        compose.onNodeWithText("Your words").performTextInput("The boat")
        compose.tapBelow("Draw something")
        compose.await("Add the drawing")
        compose.onNodeWithText("Add the drawing").assertIsNotEnabled()
        compose.onNodeWithContentDescription("Drawing area", substring = true).performTouchInput {
            swipe(topLeft + androidx.compose.ui.geometry.Offset(50f, 50f), center, 200)
        }
        compose.tap("Add the drawing")
        compose.await("Picture")
        openTheEntry("The boat")
        compose.tapBelow("Show the whole picture")
        compose.awaitThat("it is shown") {
            compose.onAllNodes(hasText("Show the whole picture")).fetchSemanticsNodes(false).isEmpty()
        }
        compose.onNodeWithContentDescription("A picture without a description").performScrollTo().assertIsDisplayed()
    }

    @Test
    fun `what is spoken becomes words beside those that were typed`() {
        shadowOf(app).grantPermissions(RECORD_AUDIO)
        writing()
        compose.onNodeWithText("Your words").performTextInput("I woke early.")
        compose.tapBelow("Speak instead of typing")
        compose.await("What you say becomes words, on this phone.")
        dictation.heard("The rain was loud")
        dictation.ended(true)
        compose.await("I woke early. The rain was loud")
        compose.tapBelow("Speak instead of typing")
        dictation.ended(false)
        compose.await("That could not be understood.")
        compose.await("I woke early. The rain was loud")
    }
}
