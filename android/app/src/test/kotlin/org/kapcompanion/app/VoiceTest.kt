package org.kapcompanion.app

import android.speech.tts.TextToSpeech
import android.speech.tts.Voice
import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import java.util.Locale
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.kapcompanion.app.guides.Aloud
import org.kapcompanion.app.guides.PhoneVoice
import org.kapcompanion.app.guides.pieces
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowTextToSpeech

@RunWith(AndroidJUnit4::class)
class VoiceTest {
    private val app: CompanionApp = ApplicationProvider.getApplicationContext()

    private fun voice(name: String, needsNetwork: Boolean, locale: Locale, features: Set<String> = emptySet()) =
        Voice(name, locale, Voice.QUALITY_HIGH, Voice.LATENCY_NORMAL, needsNetwork, features)

    private fun begun(vararg voices: Voice): PhoneVoice {
        voices.forEach(ShadowTextToSpeech::addVoice)
        val its = PhoneVoice(app, "en")
        val speech = shadowOf(ShadowTextToSpeech.getLastTextToSpeechInstance())
        speech.onInitListener.onInit(TextToSpeech.SUCCESS)
        return its
    }

    private val speech get() = shadowOf(ShadowTextToSpeech.getLastTextToSpeechInstance())

    @Test
    fun `a voice that asks a server, is not installed, or speaks another language is none`() {
        val notInstalled = setOf(TextToSpeech.Engine.KEY_FEATURE_NOT_INSTALLED)
        val its = begun(
            voice("of a server", needsNetwork = true, Locale.US),
            voice("not there", needsNetwork = false, Locale.US, notInstalled),
            voice("Spanish", needsNetwork = false, Locale.forLanguageTag("es-MX"))
        )
        assertEquals(Aloud.NoVoice, its.aloud.value)
        its.read(listOf("A calm day begins a few days before."), 0)
        assertEquals(emptyList<String>(), speech.spokenTextList)
    }

    @Test
    fun `a voice of this phone reads part by part, from where it was`() {
        val its = begun(
            voice("of a server", needsNetwork = true, Locale.US),
            voice("of this phone", needsNetwork = false, Locale.UK)
        )
        assertEquals(Aloud.Quiet, its.aloud.value)
        assertEquals("of this phone", speech.currentVoice.name)
        its.read(listOf("One.", "Two.", "Three."), 1)
        assertEquals(listOf("Two.", "Three."), speech.spokenTextList)
        its.stop()
        assertEquals(Aloud.Quiet, its.aloud.value)
        its.close()
        assertEquals(true, speech.isShutdown)
    }

    @Test
    fun `long words are cut between words, and none is lost`() {
        val words = (1..50).joinToString(" ") { "word$it" }
        val cut = pieces(words, 40)
        assertEquals(true, cut.all { it.length <= 40 })
        assertEquals(words, cut.joinToString(" "))
        assertEquals(listOf("aaaa", "aa"), pieces("aaaaaa", 4))
    }
}
