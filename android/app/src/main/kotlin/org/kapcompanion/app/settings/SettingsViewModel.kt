package org.kapcompanion.app.settings

import android.app.Application
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.CompanionException

/** What the pages of settings show. */
data class SettingsShown(
    val chosen: Chosen = Chosen(),
    /** The language of the app; nothing where it follows the phone's. */
    val language: String? = null,
    /** Whether the neutral name and icon are shown; nothing as long as that is not read. */
    val isDiscreet: Boolean? = null,
    /** Whether large recordings and pictures go over a metered network, too: of the record, and on this phone. */
    val goesOverMetered: Boolean? = null
)

/** Settings of this phone. */
class SettingsViewModel(
    private val settings: PhoneSettings,
    private val context: Application,
    private val discreet: Discreet,
    private val door: RecordDoor
) : ViewModel() {
    private val ofSystem = MutableStateFlow<Pair<String?, Boolean?>>(null to null)

    /** How they stand. */
    val shown: StateFlow<SettingsShown> = combine(settings.chosen, ofSystem, metered()) { chosen, system, metered ->
        val (language, isDiscreet) = system
        SettingsShown(chosen, if (HasLanguageOfApps) language else chosen.language, isDiscreet, metered)
    }.stateIn(viewModelScope, SharingStarted.Eagerly, SettingsShown())

    init {
        look()
    }

    private fun metered(): Flow<Boolean?> = door.watching { it.attachmentsOnMetered() }
        .map { (it as? Loaded.Here)?.value }
        .onStart { emit(null) }

    /** Reads what Android keeps. */
    private fun look() {
        viewModelScope.launch {
            ofSystem.value = withContext(Dispatchers.IO) {
                (if (HasLanguageOfApps) languageOfApp(context) else null) to discreet.isOn
            }
        }
    }

    /** How light or dark the app is. */
    fun setLight(light: Light) = settings.change { it.copy(light = light) }

    /** Whether pictures of the screen may be taken. */
    fun allowPictures(isAllowed: Boolean) = settings.change { it.copy(allowsPictures = isAllowed) }

    /** The language of the app; nothing for the phone's. */
    fun setLanguage(tag: String?) {
        if (HasLanguageOfApps) {
            setLanguageOfApp(context, tag)
            look()
        } else {
            settings.change { it.copy(language = tag) }
        }
    }

    /** Whether the neutral name and icon are shown. */
    fun beDiscreet(isOn: Boolean) {
        viewModelScope.launch {
            withContext(Dispatchers.IO) { discreet.set(isOn) }
            look()
        }
    }

    /** Whether large recordings and pictures go over a metered network, too. */
    fun sendOverMetered(areSent: Boolean) {
        viewModelScope.launch {
            try {
                door.use { it.sendAttachmentsOnMetered(areSent) }
            } catch (_: CompanionException) {
                // The switch stays where it was, which says so.
            }
        }
    }

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                SettingsViewModel(app.settings, app, Discreet(app), app.door)
            }
        }
    }
}
