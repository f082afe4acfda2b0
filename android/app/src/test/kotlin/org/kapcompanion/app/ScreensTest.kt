package org.kapcompanion.app

import android.graphics.Bitmap
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.asAndroidBitmap
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.captureToImage
import androidx.compose.ui.test.junit4.v2.createComposeRule
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.unit.Density
import androidx.test.ext.junit.runners.AndroidJUnit4
import java.io.File
import java.util.Locale
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.kapcompanion.app.settings.InLanguage
import org.kapcompanion.app.ui.CompanionTheme
import org.robolectric.annotation.Config

private const val LEAST_DP = 48f

/** Every page in every state: drawn, pictured, and held to what somebody needs who sees or hears it otherwise. */
@RunWith(AndroidJUnit4::class)
class ScreensTest {
    @get:Rule val compose = createComposeRule()

    @Test fun `light, at the usual size`() = all(dark = false, scale = 1f)

    @Test fun `dark, at the usual size`() = all(dark = true, scale = 1f)

    @Test fun `light, at twice the size`() = all(dark = false, scale = 2f)

    @Test fun `dark, at twice the size`() = all(dark = true, scale = 2f)

    // The words are the same on each Android, and take most of the time.
    @Config(sdk = [35])
    @Test
    fun `in Spanish, at the usual size`() = all(dark = false, scale = 1f, language = "es")

    @Config(sdk = [35])
    @Test
    fun `in Spanish, at twice the size`() = all(dark = false, scale = 2f, language = "es")

    private val before = Locale.getDefault()

    @After fun asBefore() = Locale.setDefault(before)

    private fun all(dark: Boolean, scale: Float, language: String? = null) {
        var shown by mutableStateOf(Screens.keys.first())
        language?.let { Locale.setDefault(Locale.forLanguageTag(it)) }
        compose.setContent {
            val density = LocalDensity.current.density
            InLanguage(language) {
                CompositionLocalProvider(LocalDensity provides Density(density, scale)) {
                    CompanionTheme(dark) {
                        Box(Modifier.background(MaterialTheme.colorScheme.background)) {
                            key(shown) { Screens.getValue(shown)() }
                        }
                    }
                }
            }
        }
        val problems = mutableListOf<String>()
        for (name in Screens.keys) {
            shown = name
            compose.waitForIdle()
            problems += wrong().map { "$name: $it" }
            val of = listOfNotNull(name, language, if (dark) "dark" else "light", (scale * 100).toInt())
            picture(of.joinToString("-"))
        }
        assertEquals(emptyList<String>(), problems)
    }

    private fun nodes(what: SemanticsMatcher) = compose.onAllNodes(what).fetchSemanticsNodes(false)

    /** What somebody with a screen reader, large text or an unsteady hand would stumble over. */
    private fun wrong(): List<String> {
        val taps = nodes(SemanticsMatcher.keyIsDefined(SemanticsActions.OnClick))
        val nameless = taps.filter { words(it).isBlank() }.map { "nothing says what ${it.boundsInRoot} is" }
        val small = taps.filter { least(it) < LEAST_DP - 0.5f }.map { "${words(it)} is ${least(it)} dp" }
        val headings = nodes(SemanticsMatcher.keyIsDefined(SemanticsProperties.Heading))
        val headless = if (headings.isEmpty()) listOf("there is no heading") else emptyList()
        val texts = nodes(SemanticsMatcher.keyIsDefined(SemanticsActions.GetTextLayoutResult))
        return nameless + small + headless + texts.filter(::isCut).map { "${words(it)} is cut off" }
    }

    private fun words(node: SemanticsNode): String {
        val config = node.config
        val own = config.getOrNull(SemanticsProperties.Text).orEmpty().joinToString(" ") { it.text }
        return own + config.getOrNull(SemanticsProperties.ContentDescription).orEmpty().joinToString(" ") +
            config.getOrNull(SemanticsProperties.EditableText)?.text.orEmpty()
    }

    private fun least(node: SemanticsNode): Float {
        // With the room that a component keeps around itself, and without what Compose lets touches miss by: that is
        // 48 dp for the smallest thing, and is not there beside another.
        val layout = node.layoutInfo
        return minOf(layout.width, layout.height) / layout.density.density
    }

    /** Words of which a part is not drawn; a preview says of itself that it goes on. */
    private fun isCut(node: SemanticsNode): Boolean {
        val found = mutableListOf<TextLayoutResult>()
        node.config[SemanticsActions.GetTextLayoutResult].action?.invoke(found)
        return found.any { it.didOverflowHeight && it.layoutInput.maxLines == Int.MAX_VALUE }
    }

    private fun picture(name: String) {
        val bitmap = compose.onRoot().captureToImage().asAndroidBitmap()
        val file = File(System.getProperty("companion.pictures"), "$name.png")
        file.outputStream().use { assertTrue(bitmap.compress(Bitmap.CompressFormat.PNG, 100, it)) }
    }
}
