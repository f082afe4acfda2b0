package org.kapcompanion.app.record

import android.app.Activity
import android.app.Application
import android.os.Bundle

/** Hears when the app comes to the screen and when it is gone from it. A phone that is turned is not gone. */
internal class AppFront(private val onCame: () -> Unit, private val onWent: () -> Unit) :
    Application.ActivityLifecycleCallbacks {
    private var started = 0
    private var isTurning = false

    /** Whether it is on the screen now. */
    val isInFront: Boolean get() = started > 0 || isTurning

    override fun onActivityStarted(activity: Activity) {
        val isBack = !isInFront
        started += 1
        isTurning = false
        if (isBack) onCame()
    }

    override fun onActivityStopped(activity: Activity) {
        started -= 1
        isTurning = activity.isChangingConfigurations
        if (!isInFront) onWent()
    }

    override fun onActivityCreated(activity: Activity, savedInstanceState: Bundle?) = Unit

    override fun onActivityResumed(activity: Activity) = Unit

    override fun onActivityPaused(activity: Activity) = Unit

    override fun onActivitySaveInstanceState(activity: Activity, outState: Bundle) = Unit

    override fun onActivityDestroyed(activity: Activity) = Unit
}
