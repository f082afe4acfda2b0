package org.kapcompanion.app.settings

import android.content.ComponentName
import android.content.Context
import android.content.pm.PackageManager
import android.content.pm.PackageManager.COMPONENT_ENABLED_STATE_DISABLED
import android.content.pm.PackageManager.COMPONENT_ENABLED_STATE_ENABLED

/** The two ways in which the phone's list of apps shows this one; exactly one of them is on. Slow: off the main thread. */
class Discreet(private val context: Context) {
    /** Whether the neutral name and icon are shown. */
    val isOn: Boolean
        get() = context.packageManager.getComponentEnabledSetting(name(NEUTRAL)) == COMPONENT_ENABLED_STATE_ENABLED

    /** Shows the neutral name and icon, or the app's own. */
    fun set(isOn: Boolean) {
        // The new one first: with none at all some launchers throw the app off the home screen.
        enable(if (isOn) NEUTRAL else OWN, COMPONENT_ENABLED_STATE_ENABLED)
        enable(if (isOn) OWN else NEUTRAL, COMPONENT_ENABLED_STATE_DISABLED)
    }

    private fun enable(alias: String, state: Int) =
        context.packageManager.setComponentEnabledSetting(name(alias), state, PackageManager.DONT_KILL_APP)

    private fun name(alias: String) = ComponentName(context.packageName, alias)

    companion object {
        internal const val OWN = "org.kapcompanion.app.OwnName"
        internal const val NEUTRAL = "org.kapcompanion.app.NeutralName"
    }
}
