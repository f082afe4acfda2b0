package org.kapcompanion.app

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import androidx.compose.ui.graphics.toArgb
import androidx.test.ext.junit.runners.AndroidJUnit4
import java.io.File
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.kapcompanion.app.ui.DarkPalette
import org.kapcompanion.app.ui.LightPalette
import org.kapcompanion.app.ui.Palette

/** Words on a surface, by WCAG 2.2. */
private const val WORDS = 4.5f

/** The edge of a field or a button. */
private const val EDGE = 3f

@RunWith(AndroidJUnit4::class)
class PaletteTest {
    @Test
    fun `the colors are those of the console`() {
        val workspace = File(System.getProperty("companion.contract")).parentFile.parentFile
        val css = File(workspace, "sync-server/console/assets/console.css").readText()
        val (light, dark) = css.split("prefers-color-scheme: dark", limit = 2)
        for ((sheet, palette) in listOf(light to LightPalette, dark to DarkPalette)) {
            for ((name, color) in palette.named()) {
                val said = checkNotNull(Regex("--$name: (#[0-9a-f]{6});").find(sheet)) { name }.groupValues[1]
                assertEquals(name, said, "#%06x".format(color.toArgb() and 0xFFFFFF))
            }
        }
    }

    @Test
    fun `words can be read on what they stand on`() {
        for (palette in listOf(LightPalette, DarkPalette)) {
            with(palette) {
                for (surface in listOf(page, card, sunken)) {
                    for (words in listOf(ink, quiet, accent)) assertContrast(words, surface, WORDS)
                }
                assertContrast(onAccent, accent, WORDS)
                assertContrast(accentStrong, soft, WORDS)
                assertContrast(warmInk, warm, WORDS)
                assertContrast(stopInk, stop, WORDS)
                for (surface in listOf(page, card)) assertContrast(edge, surface, EDGE)
            }
        }
    }

    private fun assertContrast(one: Color, other: Color, least: Float) {
        val (lighter, darker) = listOf(one.luminance(), other.luminance()).sortedDescending()
        val contrast = (lighter + 0.05f) / (darker + 0.05f)
        assertTrue("$one on $other: $contrast", contrast >= least)
    }

    private fun Palette.named(): Map<String, Color> = mapOf(
        "page" to page,
        "card" to card,
        "sunken" to sunken,
        "ink" to ink,
        "quiet" to quiet,
        "line" to line,
        "edge" to edge,
        "accent" to accent,
        "accent-strong" to accentStrong,
        "on-accent" to onAccent,
        "soft" to soft,
        "warm-ink" to warmInk,
        "warm" to warm,
        "stop-ink" to stopInk,
        "stop" to stop
    )
}
