package org.kapcompanion.app.dosing

import android.view.Window
import androidx.activity.compose.LocalActivity
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.darkColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.ui.graphics.Color
import androidx.core.view.WindowCompat
import androidx.core.view.WindowInsetsControllerCompat

private val Night = Color(0xFF040505)
private val Ink = Color(0xFF8F9698)
private val Edge = Color(0xFF4A5154)

/** As little light as words need: gray on near black, and no color at all. */
private val Quietest = darkColorScheme(
    primary = Ink,
    onPrimary = Night,
    primaryContainer = Night,
    onPrimaryContainer = Ink,
    background = Night,
    onBackground = Ink,
    surface = Night,
    onSurface = Ink,
    onSurfaceVariant = Ink,
    surfaceContainerLow = Night,
    surfaceContainer = Night,
    outline = Edge,
    outlineVariant = Edge
)

/** For the hours of a session: near black, whatever the phone is set to. */
@Composable
fun QuietTheme(content: @Composable () -> Unit) {
    MaterialTheme(colorScheme = Quietest, content = content)
}

/** Low, and still readable in a dark room. */
private const val LOW = 0.02f

/** Lowers the light of this window for as long as it is shown, and of no other: the phone's own setting stays. */
@Composable
fun DimWindow() {
    val window = LocalActivity.current?.window
    DisposableEffect(window) {
        if (window == null) return@DisposableEffect onDispose {}
        val before = window.attributes.screenBrightness
        val bars = WindowCompat.getInsetsController(window, window.decorView)
        val wereDark = bars.isAppearanceLightStatusBars
        window.lightTo(LOW)
        bars.darkSigns(false)
        onDispose {
            window.lightTo(before)
            bars.darkSigns(wereDark)
        }
    }
}

/** Whether the system's own signs are dark, as a light page needs them. */
private fun WindowInsetsControllerCompat.darkSigns(areDark: Boolean) {
    isAppearanceLightStatusBars = areDark
    isAppearanceLightNavigationBars = areDark
}

private fun Window.lightTo(brightness: Float) {
    attributes = attributes.apply { screenBrightness = brightness }
}
