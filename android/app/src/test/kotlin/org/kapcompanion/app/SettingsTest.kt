package org.kapcompanion.app

import android.app.LocaleManager
import android.content.ClipboardManager
import android.content.Intent
import android.os.Build
import android.view.WindowManager
import androidx.compose.ui.test.assertIsOff
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isOn
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performTextInput
import androidx.core.content.getSystemService
import androidx.test.ext.junit.runners.AndroidJUnit4
import java.util.Locale
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.kapcompanion.app.settings.Discreet
import org.kapcompanion.app.settings.Light
import org.kapcompanion.app.settings.PhoneSettings

@RunWith(AndroidJUnit4::class)
class SettingsTest {
    private val phone = Phone()
    private val compose = createAndroidComposeRule<MainActivity>()
    private val before = Locale.getDefault()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(phone).around(compose)

    @After fun asBefore() = Locale.setDefault(before)

    private val isKeptOutOfPictures
        get() = compose.activity.window.attributes.flags and WindowManager.LayoutParams.FLAG_SECURE != 0

    private fun goToSettings() {
        compose.tap("Begin without a clinic")
        compose.tap("You")
        compose.tapBelow("Settings")
        compose.await("Light and dark")
    }

    /** What is kept, as a process reads it that knows nothing else. */
    private fun kept() = runBlocking {
        val settings = PhoneSettings(phone.app, CoroutineScope(Dispatchers.Default))
        settings.begin()
        settings.isRead.await()
        settings.chosen.first()
    }

    @Test
    fun `pictures of the screen are allowed only by choice, and that is kept`() {
        goToSettings()
        assertTrue(isKeptOutOfPictures)
        compose.onNodeWithText("Allow pictures of the screen").assertIsOff()
        compose.tapBelow("Allow pictures of the screen")
        compose.awaitThat("pictures are allowed") { !isKeptOutOfPictures }
        compose.awaitThat("it is kept") { kept().allowsPictures }
        compose.tapBelow("Allow pictures of the screen")
        compose.awaitThat("pictures are not allowed") { isKeptOutOfPictures }
    }

    @Test
    fun `the dim light is kept`() {
        goToSettings()
        compose.tapBelow("Dim")
        compose.awaitThat("it is kept") { kept().light == Light.DIM }
    }

    @Test
    fun `the phone's list of apps shows one name, the neutral one by choice`() {
        assertEquals(listOf("Companion"), shownInLauncher())
        goToSettings()
        compose.tapBelow("Neutral name and icon")
        compose.await(hasText("Neutral name and icon") and isOn(), "the switch")
        assertEquals(listOf("Day notes"), shownInLauncher())
        assertTrue(Discreet(phone.app).isOn)
        compose.tapBelow("Neutral name and icon")
        compose.awaitThat("the app's own name is back") { shownInLauncher() == listOf("Companion") }
    }

    private fun shownInLauncher(): List<String> {
        val intent = Intent(Intent.ACTION_MAIN)
            .addCategory(Intent.CATEGORY_LAUNCHER)
            .setPackage(phone.app.packageName)
        val manager = phone.app.packageManager
        return manager.queryIntentActivities(intent, 0).map { it.loadLabel(manager).toString() }
    }

    @Test
    fun `the app speaks Spanish by choice`() {
        goToSettings()
        compose.tapBelow("Language")
        compose.await("están en inglés")
        compose.tap("Español")
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
            // From here on it is Android's: it keeps the language, and draws every page anew.
            val manager = checkNotNull(phone.app.getSystemService<LocaleManager>())
            compose.awaitThat("Android is told") { manager.applicationLocales.toLanguageTags() == "es" }
        } else {
            compose.await("Como mi teléfono")
            compose.onNodeWithText("Idioma").assertExists()
            compose.awaitThat("it is kept") { kept().language == "es" }
            assertEquals("es", Locale.getDefault().language)
            compose.tap("Como mi teléfono")
            compose.await("As my phone is")
            assertEquals(before, Locale.getDefault())
        }
    }

    @Test
    fun `the report that is copied holds nothing that was written`() {
        compose.tap("Begin without a clinic")
        compose.tap("Write something")
        compose.await("Your words")
        compose.onNodeWithText("Your words").performTextInput("zanzibar canary")
        compose.tap("Save")
        compose.await("Write something")
        compose.tap("You")
        compose.tapBelow("Settings")
        compose.tapBelow("Report for support")
        compose.tapBelow("Make the report")
        compose.tapBelow("Copy it")
        compose.await("It is copied.")
        val clip = checkNotNull(checkNotNull(phone.app.getSystemService<ClipboardManager>()).primaryClip)
        val copied = clip.getItemAt(0).text.toString()
        assertTrue(copied, "patient" in copied)
        assertFalse(copied, "canary" in copied)
    }
}
