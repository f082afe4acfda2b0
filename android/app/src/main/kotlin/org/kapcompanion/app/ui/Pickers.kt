package org.kapcompanion.app.ui

import android.content.ActivityNotFoundException
import androidx.activity.result.ActivityResultLauncher

/** Asks another app for something (a folder, a picture). Gives whether this phone has an app for it. */
fun <I> ActivityResultLauncher<I>.asks(input: I): Boolean = try {
    launch(input)
    true
} catch (_: ActivityNotFoundException) {
    false
}
