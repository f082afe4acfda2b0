package org.kapcompanion.app.lock

import android.app.Activity
import android.app.KeyguardManager
import android.content.Context
import android.content.Intent
import android.os.Build
import android.os.Bundle
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performTextInput
import androidx.core.content.getSystemService
import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.kapcompanion.app.CompanionApp
import org.kapcompanion.app.MainActivity
import org.kapcompanion.app.Phone
import org.kapcompanion.app.await
import org.kapcompanion.app.awaitThat
import org.kapcompanion.app.doing
import org.kapcompanion.app.tap
import org.kapcompanion.app.tapBelow
import org.kapcompanion.core.SafetyChange
import org.kapcompanion.core.SafetyStep
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.shadows.ShadowBiometricPrompt

@RunWith(AndroidJUnit4::class)
class LockTest {
    private val phone = Phone()
    private val compose = createEmptyComposeRule()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(phone).around(compose)

    private val app: CompanionApp = ApplicationProvider.getApplicationContext()
    private val unlocker = FakeUnlocker()

    private class FakeUnlocker(var hasScreenLock: Boolean = true) : Unlocker {
        var asked = 0
        var answer: ((Unlocked) -> Unit)? = null

        override fun canAsk(context: Context) = hasScreenLock

        override fun page(context: Context): Intent? = null

        override fun ask(context: Context, done: (Unlocked) -> Unit) {
            asked += 1
            answer = done
        }
    }

    private fun opened(saved: Bundle? = null): ActivityController<MainActivity> {
        val activity = Robolectric.buildActivity(MainActivity::class.java)
        return if (saved == null) activity.setup() else activity.setup(saved)
    }

    /** As on a phone on which somebody turned it on, before the app began. */
    private fun lockIsOn(grace: Grace = Grace.MINUTE) {
        app.doing { LockPreferences(app).write(LockChoice(isOn = true, grace)) }
        app.forgetUnlocking()
    }

    @Test
    fun `nothing is locked before somebody asks for it`() {
        app.unlocker = unlocker
        opened().use {
            compose.await("Begin without a clinic")
            assertEquals(0, unlocker.asked)
        }
    }

    @Test
    fun `after the system ended the app the pages are covered, help is not, and a draft is still there`() {
        app.unlocker = unlocker
        val saved = Bundle()
        opened().also {
            compose.tap("Begin without a clinic")
            compose.tap("Write something")
            compose.await("Your words")
            compose.onNodeWithText("Your words").performTextInput("Half a thought")
            it.pause().stop().saveInstanceState(saved).destroy()
        }
        lockIsOn()
        opened(saved).use {
            compose.await("Unlock with your finger")
            compose.onAllNodesWithText("Half a thought").fetchSemanticsNodes().let { shown ->
                assertTrue(shown.isEmpty())
            }
            compose.tap("Help now")
            compose.await("Call 988")
            compose.onNodeWithText("Unlock to see your safety plan.").assertExists()
            it.get().onBackPressedDispatcher.onBackPressed()
            compose.await("Unlock with your finger")
            compose.tap("Unlock")
            checkNotNull(unlocker.answer)(Unlocked.NO)
            compose.await("Unlock with your finger")
            compose.tap("Unlock")
            checkNotNull(unlocker.answer)(Unlocked.YES)
            compose.await("Half a thought")
        }
    }

    @Test
    fun `once it is locked, the help page shows nothing of the plan any more`() {
        app.unlocker = unlocker
        val line = SafetyChange.Add(SafetyStep.WARNING_SIGNS, "I stop answering messages", "")
        app.doing { app.door.use { it.changeSafetyPlan(listOf(line)) } }
        lockIsOn(Grace.NONE)
        opened().use {
            compose.tap("Unlock")
            checkNotNull(unlocker.answer)(Unlocked.YES)
            compose.tap("Help now")
            compose.await("I stop answering messages")
            it.pause().stop().restart().resume()
            compose.await("Unlock to see your safety plan.")
            compose.onNodeWithText("I stop answering messages").assertDoesNotExist()
        }
    }

    @Test
    fun `turning it on asks once, and the choice is kept`() {
        app.unlocker = unlocker
        opened().use {
            compose.tap("Begin without a clinic")
            compose.tap("You")
            compose.tapBelow("App lock")
            compose.tap("Ask before showing anything")
            assertEquals(1, unlocker.asked)
            compose.awaitThat("it waits for the answer") { app.lock.choice.value?.isOn == false }
            checkNotNull(unlocker.answer)(Unlocked.YES)
            compose.await("for a minute")
            compose.tap("at all")
            compose.awaitThat("it is kept") {
                app.doing { LockPreferences(app).read() } == LockChoice(isOn = true, Grace.NONE)
            }
        }
    }

    @Test
    fun `a phone without a screen lock is told so`() {
        app.unlocker = unlocker.also { it.hasScreenLock = false }
        opened().use {
            compose.tap("Begin without a clinic")
            compose.tap("You")
            compose.tapBelow("App lock")
            compose.await("This phone has no screen lock.")
            compose.onNodeWithText("Open your phone’s settings").assertIsDisplayed()
            assertTrue(compose.onAllNodesWithText("Ask before showing anything").fetchSemanticsNodes().isEmpty())
        }
    }

    @Test
    fun `whoever takes the phone's own lock away is not shut out of their record`() {
        app.unlocker = unlocker.also { it.hasScreenLock = false }
        lockIsOn()
        opened().use {
            compose.await("This phone has no screen lock any more")
            compose.tap("Turn the lock off")
            compose.await("Begin without a clinic")
        }
    }

    @Test
    fun `the phone's own way to unlock opens it`() {
        shadowOf(checkNotNull(app.getSystemService<KeyguardManager>())).setIsDeviceSecure(true)
        app.unlocker = SystemUnlocker()
        lockIsOn()
        opened().use {
            compose.await("Unlock with your finger")
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
                compose.awaitThat("it asks") { ShadowBiometricPrompt.getCurrentPrompt() != null }
                ShadowBiometricPrompt.authenticateCurrentSessionSuccessfully()
            } else {
                val asked = shadowOf(it.get()).nextStartedActivityForResult
                shadowOf(it.get()).receiveResult(asked.intent, Activity.RESULT_OK, null)
            }
            compose.await("Begin without a clinic")
        }
    }

    private inner class Watched(private val lock: AppLock) {
        var clock = 1_000_000L

        fun away(milliseconds: Long): LockStanding {
            lock.wentAway()
            clock += milliseconds
            lock.cameBack()
            return lock.standing.value
        }
    }

    private fun locked(choice: LockChoice): Pair<AppLock, Watched> {
        lateinit var watched: Watched
        val keeper = object : LockKeeper {
            override suspend fun read() = choice

            override suspend fun write(choice: LockChoice) = Unit
        }
        val lock = AppLock(keeper, app.scope) { watched.clock }
        watched = Watched(lock)
        app.doing { }
        return lock to watched
    }

    @Test
    fun `it asks again after the grace time, and not before`() {
        val (lock, watched) = locked(LockChoice(isOn = true, Grace.MINUTE))
        assertEquals(LockStanding.LOCKED, lock.standing.value)
        lock.unlocked()
        assertEquals(LockStanding.OPEN, watched.away(59_999))
        assertEquals(LockStanding.LOCKED, watched.away(60_000))
        // What is covered stays so, however short the app was away.
        assertEquals(LockStanding.LOCKED, watched.away(1))
    }

    @Test
    fun `without a grace time it asks each time, but for a page that the app itself opened`() {
        val (lock, watched) = locked(LockChoice(isOn = true, Grace.NONE))
        lock.unlocked()
        lock.leavesForAnAnswer()
        assertEquals(LockStanding.OPEN, watched.away(20_000))
        assertEquals(LockStanding.LOCKED, watched.away(0))
        lock.unlocked()
        lock.leavesForAnAnswer()
        assertEquals(LockStanding.LOCKED, watched.away(600_000))
    }

    @Test
    fun `turned off, it never asks`() {
        val (lock, watched) = locked(LockChoice(isOn = false))
        assertEquals(LockStanding.OPEN, lock.standing.value)
        assertEquals(LockStanding.OPEN, watched.away(10_000_000))
    }
}
