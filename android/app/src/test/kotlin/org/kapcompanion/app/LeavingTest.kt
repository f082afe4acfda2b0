package org.kapcompanion.app

import android.app.Activity
import android.content.Intent
import android.net.Uri
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTextReplacement
import androidx.test.ext.junit.runners.AndroidJUnit4
import java.io.File
import java.util.concurrent.CountDownLatch
import kotlin.io.path.createTempDirectory
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.kapcompanion.app.record.recordFile
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController

@RunWith(AndroidJUnit4::class)
class LeavingTest {
    private val phone = Phone()
    private val compose = createEmptyComposeRule()
    private val folder: File = createTempDirectory("picked").toFile()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(phone).around(compose)

    private lateinit var activity: ActivityController<MainActivity>

    @Before fun start() {
        activity = Robolectric.buildActivity(MainActivity::class.java).setup()
    }

    @After fun clear() {
        activity.close()
        folder.deleteRecursively()
    }

    private fun back() = compose.runOnUiThread { activity.get().onBackPressedDispatcher.onBackPressed() }

    /** The app asks to begin anew, as Android does it: with an activity that has no state. */
    private fun beginsAnew() {
        val anew = MainActivity::class.java.name
        compose.awaitThat("the app begins anew") {
            val started = generateSequence { shadowOf(activity.get()).nextStartedActivity }
            started.any { it.component?.className == anew && it.flags and Intent.FLAG_ACTIVITY_CLEAR_TASK != 0 }
        }
        activity.close()
        start()
        compose.await("Begin without a clinic")
    }

    private fun write(words: String) {
        compose.tap("Begin without a clinic")
        compose.tap("Write something")
        compose.await("Your words")
        compose.onNodeWithText("Your words").performTextInput(words)
        compose.tap("Save")
        compose.await("Write something")
    }

    private fun goTo(page: String) {
        compose.tap("You")
        compose.tapBelow(page)
    }

    /** The person picks this folder in the system's own dialog. */
    private fun pick(tree: Uri) {
        compose.runOnUiThread {
            val shadow = shadowOf(activity.get())
            val asked = checkNotNull(shadow.nextStartedActivityForResult) { "nobody asked for a folder" }
            assertEquals(Intent.ACTION_OPEN_DOCUMENT_TREE, asked.intent.action)
            shadow.receiveResult(asked.intent, Activity.RESULT_OK, Intent().setData(tree))
        }
    }

    /** Nothing of the record lies in the clear in the app's own folder. */
    private fun nothingIsLeftInTheClear() {
        val left = File(phone.app.noBackupFilesDir, "passage").walk().filter(File::isFile).toList()
        assertEquals(emptyList<File>(), left)
    }

    @Test
    fun `everything is taken along into a folder, and brought back into an empty app`() {
        write("Slept well, walked by the river.")
        goTo("Take everything along")
        compose.await("The files are not sealed.")
        compose.tapBelow("Choose a folder")
        pick(PickedFolders.offer(folder))
        compose.await("Begin with the file README.md.")
        val taken = folder.listFiles().orEmpty().single()
        assertTrue(File(taken, "README.md").exists())
        assertTrue(taken.walk().any { it.isFile && "walked by the river" in it.readText() })
        nothingIsLeftInTheClear()

        back()
        eraseAll()
        compose.tapBelow("Bring a record along")
        compose.tapBelow("Choose the folder")
        pick(PickedFolders.offer(taken))
        compose.await("1 thing of your own")
        compose.tapBelow("Bring it here")
        compose.await("It is here.")
        nothingIsLeftInTheClear()
        compose.tap("Continue")
        compose.tap("Journal")
        compose.await("Slept well, walked by the river.")
    }

    @Test
    fun `a folder without room takes nothing, and the record is as it was`() {
        write("Still here")
        goTo("Take everything along")
        compose.tapBelow("Choose a folder")
        val tree = PickedFolders.offer(folder)
        PickedFolders.room = 2
        pick(tree)
        compose.await("There is no room.")
        assertEquals(emptyList<File>(), folder.listFiles().orEmpty().toList())
        nothingIsLeftInTheClear()
        back()
        compose.tap("Journal")
        compose.await("Still here")
    }

    @Test
    fun `a folder that is no export is refused, and nothing is changed`() {
        File(folder, "holiday.txt").writeText("sun")
        compose.tapBelow("Bring a record along")
        compose.tapBelow("Choose the folder")
        pick(PickedFolders.offer(folder))
        // In the core's words.
        compose.await("export")
        compose.onNodeWithText("Choose the folder").performScrollTo().assertIsDisplayed()
        nothingIsLeftInTheClear()
    }

    @Test
    fun `what is stopped on the way leaves nothing behind`() {
        write("Half way")
        goTo("Take everything along")
        compose.tapBelow("Choose a folder")
        val tree = PickedFolders.offer(folder)
        val (isBegun, isStopped) = CountDownLatch(1) to CountDownLatch(1)
        PickedFolders.beforeFile = {
            isBegun.countDown()
            isStopped.await()
        }
        pick(tree)
        compose.awaitThat("the folder is being written") { isBegun.count == 0L }
        compose.tapBelow("Stop")
        isStopped.countDown()
        compose.await("It was stopped.")
        assertEquals(emptyList<File>(), folder.listFiles().orEmpty().toList())
        nothingIsLeftInTheClear()
    }

    /** Ends an account that is on this phone alone: by the word as it stands there, and by no other. */
    private fun eraseAll() {
        compose.tapBelow("End or delete")
        compose.await("Your record is on this phone alone")
        compose.onNodeWithText("Delete my record").performScrollTo().assertIsNotEnabled()
        compose.onNodeWithText("Type END to go on").performScrollTo().performTextInput("end")
        compose.onNodeWithText("Delete my record").performScrollTo().assertIsNotEnabled()
        compose.onNodeWithText("Type END to go on").performScrollTo().performTextReplacement("END")
        compose.tapBelow("Delete my record")
        beginsAnew()
    }

    @Test
    fun `a phone without an app to pick a folder with says so`() {
        shadowOf(phone.app).checkActivities(true)
        compose.tapBelow("Bring a record along")
        compose.tapBelow("Choose the folder")
        compose.await("This phone has no app to pick a folder with.")
        back()
        compose.tap("Begin without a clinic")
        goTo("Take everything along")
        compose.tapBelow("Choose a folder")
        compose.await("This phone has no app to pick a folder with.")
    }

    @Test
    fun `deleting from this phone takes everything away, and the key with it`() {
        write("Only here")
        val key = File(checkNotNull(recordFile(phone.app).parentFile), "record.key")
        val before = key.readBytes().toList()
        val beside = listOf("record-1/record.db", "recordings/half.m4a", "passage/record.json")
            .map { File(phone.app.noBackupFilesDir, it) }
        for (file in beside) {
            checkNotNull(file.parentFile).mkdirs()
            file.writeText("left over")
        }
        phone.app.doing { phone.app.reminders.turnOn() }
        goTo("End or delete")
        compose.tapBelow("Delete from this phone")
        compose.await("would be lost")
        compose.onNodeWithText("Type DELETE to go on").performScrollTo().performTextInput("DELETE")
        compose.tapBelow("Delete it now")
        beginsAnew()
        assertFalse(before == key.readBytes().toList())
        assertEquals(emptyList<File>(), beside.filter { it.exists() })
        assertEquals(false, phone.app.reminders.isOn.value)
        compose.tap("Begin without a clinic")
        compose.tap("Journal")
        compose.await("Nothing is written yet.")
    }
}
