package org.kapcompanion.app.record

import android.app.Activity
import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.kapcompanion.app.CompanionApp
import org.robolectric.Robolectric

@RunWith(AndroidJUnit4::class)
class FrontTest {
    @Test
    fun `a phone that is turned is not put away, and one that is put away is`() {
        val heard = mutableListOf<String>()
        val front = AppFront(onCame = { heard += "came" }, onWent = { heard += "went" })
        ApplicationProvider.getApplicationContext<CompanionApp>().registerActivityLifecycleCallbacks(front)
        val activity = Robolectric.buildActivity(Activity::class.java).setup()
        activity.recreate()
        assertEquals(listOf("came"), heard)
        activity.pause().stop()
        assertEquals(listOf("came", "went"), heard)
        activity.restart().start().resume()
        assertEquals(listOf("came", "went", "came"), heard)
    }
}
