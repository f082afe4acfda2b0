package org.kapcompanion.app.leaving

import android.app.Activity
import android.content.ComponentName
import android.content.Intent
import androidx.activity.compose.LocalActivity
import androidx.compose.runtime.Composable
import org.kapcompanion.app.MainActivity
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Places
import org.kapcompanion.app.ui.Shell

/** The places of taking the record along, and of ending. */
object LeavingPlaces {
    const val EXPORT = "leaving/export"
    const val IMPORT = "leaving/import"
    const val END = "leaving/end"
    const val THIS_PHONE = "leaving/this-phone"
}

/** Draws a place of leaving; false where it is none. */
@Composable
fun leavingAt(place: String, shell: Shell, around: Around): Boolean {
    val activity = LocalActivity.current
    when (place) {
        LeavingPlaces.EXPORT -> ExportRoute(around)
        LeavingPlaces.IMPORT -> ImportRoute(around, onDone = { shell.begin(Places.TODAY) })
        LeavingPlaces.END -> EndRoute(around, shell::go, onGone = { activity?.beginAnew() })
        LeavingPlaces.THIS_PHONE -> ThisPhoneRoute(around, onGone = { activity?.beginAnew() })
        else -> return false
    }
    return true
}

/** Begins the app anew, with nothing of what was half written: the system keeps no state of a task that is cleared. */
private fun Activity.beginAnew() =
    startActivity(Intent.makeRestartActivityTask(ComponentName(this, MainActivity::class.java)))
