package org.kapcompanion.app.ui

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.material3.ColorScheme
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.graphics.Color

/** The product's own colors, by the names of the console's stylesheet: a test compares both. */
data class Palette(
    val page: Color,
    val card: Color,
    val sunken: Color,
    val ink: Color,
    val quiet: Color,
    val line: Color,
    val edge: Color,
    val accent: Color,
    val accentStrong: Color,
    val onAccent: Color,
    val soft: Color,
    val warmInk: Color,
    val warm: Color,
    val stopInk: Color,
    val stop: Color
)

internal val LightPalette = Palette(
    page = Color(0xFFF5F4EF),
    card = Color(0xFFFFFFFF),
    sunken = Color(0xFFEEECE5),
    ink = Color(0xFF1C282B),
    quiet = Color(0xFF536166),
    line = Color(0xFFDCDBD2),
    edge = Color(0xFF78868A),
    accent = Color(0xFF0F5F63),
    accentStrong = Color(0xFF0A484B),
    onAccent = Color(0xFFFFFFFF),
    soft = Color(0xFFE2EFEC),
    warmInk = Color(0xFF714600),
    warm = Color(0xFFFBEFD6),
    stopInk = Color(0xFF97231F),
    stop = Color(0xFFFBE8E5)
)

internal val DarkPalette = Palette(
    page = Color(0xFF11181A),
    card = Color(0xFF192123),
    sunken = Color(0xFF141B1D),
    ink = Color(0xFFE6EBE8),
    quiet = Color(0xFFA7B4B4),
    line = Color(0xFF2D393C),
    edge = Color(0xFF75868A),
    accent = Color(0xFF83CDC6),
    accentStrong = Color(0xFFA5DFD9),
    onAccent = Color(0xFF05201F),
    soft = Color(0xFF1D3335),
    warmInk = Color(0xFFF1C877),
    warm = Color(0xFF34290F),
    stopInk = Color(0xFFFFA59C),
    stop = Color(0xFF3A1C1B)
)

/** The dark ones with hardly any light: for the night, and for eyes that are tired. */
internal val DimPalette = DarkPalette.copy(
    page = Color(0xFF000000),
    card = Color(0xFF0B0F10),
    sunken = Color(0xFF060809),
    ink = Color(0xFFB4BCBA),
    quiet = Color(0xFF8A9696),
    line = Color(0xFF1B2224),
    edge = Color(0xFF5F6E71),
    accent = Color(0xFF6FA8A3),
    accentStrong = Color(0xFF8CBAB5),
    onAccent = Color(0xFF03110F),
    soft = Color(0xFF0F1B1C),
    warmInk = Color(0xFFC7A768),
    warm = Color(0xFF1C1608),
    stopInk = Color(0xFFD68E86),
    stop = Color(0xFF200F0E)
)

/** The colors by the roles that Material gives them. */
internal fun Palette.scheme(base: ColorScheme): ColorScheme = base.copy(
    primary = accent,
    onPrimary = onAccent,
    primaryContainer = soft,
    onPrimaryContainer = accentStrong,
    secondary = accent,
    onSecondary = onAccent,
    secondaryContainer = soft,
    onSecondaryContainer = accentStrong,
    tertiary = warmInk,
    onTertiary = page,
    tertiaryContainer = warm,
    onTertiaryContainer = warmInk,
    error = stopInk,
    onError = page,
    errorContainer = stop,
    onErrorContainer = stopInk,
    background = page,
    onBackground = ink,
    surface = page,
    onSurface = ink,
    surfaceVariant = sunken,
    onSurfaceVariant = quiet,
    surfaceTint = accent,
    surfaceContainerLowest = card,
    surfaceContainerLow = card,
    surfaceContainer = card,
    surfaceContainerHigh = card,
    surfaceContainerHighest = sunken,
    outline = edge,
    outlineVariant = line,
    inverseSurface = ink,
    inverseOnSurface = page,
    inversePrimary = soft
)

/** Everything is drawn inside of this. Colors of the phone's wallpaper are not taken: words here are to be readable. */
@Composable
fun CompanionTheme(dark: Boolean = isSystemInDarkTheme(), dim: Boolean = false, content: @Composable () -> Unit) {
    val scheme = when {
        dim -> DimPalette.scheme(darkColorScheme())
        dark -> DarkPalette.scheme(darkColorScheme())
        else -> LightPalette.scheme(lightColorScheme())
    }
    MaterialTheme(colorScheme = scheme, content = content)
}
