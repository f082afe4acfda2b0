package org.kapcompanion.app.leaving

import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import org.kapcompanion.app.R
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.reminders.ReminderAlarms
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhenSaved
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.DeviceKind
import org.kapcompanion.core.PairingStanding
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.words

private const val TYPED = "typed"

/** What a person should know before this phone forgets their record. */
data class BeforeErasing(
    /** Whether others are told: the server, the clinic, other phones. */
    val isInRecord: Boolean,
    /** Whether another phone or recovery words have what is private. */
    val isElsewhere: Boolean,
    /** How many changes never left this phone. */
    val waiting: Int,
    /** Whether it is the day of a session, on which nothing of that kind is decided. */
    val isQuiet: Boolean
)

/** Deletes the record from this phone alone: it leaves the record, and all that is here goes. */
class ThisPhoneViewModel(
    private val saved: SavedStateHandle,
    private val door: RecordDoor,
    private val reminders: ReminderAlarms
) : ViewModel() {
    private val progress = MutableStateFlow<Saving>(Saving.Not)

    /** What a person should know before. */
    val before: StateFlow<Loaded<BeforeErasing>> = door.watching(load = ::beforeErasing)
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** The word that is typed. */
    val typed: StateFlow<String> = saved.getStateFlow(TYPED, "")

    /** How it goes. */
    val saving: StateFlow<Saving> = progress.asStateFlow()

    /** Takes the word. */
    fun type(typed: String) {
        saved[TYPED] = typed
    }

    /** Leaves the record, and deletes all that is here. */
    fun erase() = doing { record ->
        if (beforeErasing(record).isInRecord) record.leave()
        forget()
    }

    /** Deletes all that is here, where nobody can be told of it. */
    fun eraseUntold() = doing { forget() }

    private suspend fun forget() {
        saved[TYPED] = ""
        reminders.forget()
        door.erase()
    }

    /** Somebody saw that it is done. */
    fun seen() {
        progress.value = Saving.Not
    }

    private fun doing(act: suspend (PhoneRecord) -> Unit) {
        if (progress.value is Saving.Now) return
        progress.value = Saving.Now
        viewModelScope.launch {
            progress.value = try {
                door.use(act)
                Saving.Done
            } catch (why: CompanionException) {
                Saving.Failed(why)
            }
        }
    }

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                ThisPhoneViewModel(createSavedStateHandle(), app.door, app.reminders)
            }
        }
    }
}

private suspend fun beforeErasing(record: PhoneRecord): BeforeErasing {
    val status = record.status()
    val isIn = status.pairing is PairingStanding.Paired || status.pairing is PairingStanding.Waiting
    val others = if (status.pairing is PairingStanding.Alone) emptyList() else record.devices()
    val isElsewhere = status.recoveryWords.standing != null ||
        others.any { it.kind == DeviceKind.PHONE && it.removed == null && it.readsPrivate }
    val isQuiet = record.sessionDay()?.offers?.settings == false
    return BeforeErasing(isIn, isElsewhere, status.waiting.toInt(), isQuiet)
}

/** Deleting the record from this phone alone. */
@Composable
fun ThisPhoneRoute(around: Around, onGone: () -> Unit) {
    val model: ThisPhoneViewModel = viewModel(factory = ThisPhoneViewModel.Factory)
    val before by model.before.collectAsStateWithLifecycle()
    val typed by model.typed.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    WhenSaved(saving, model::seen, onGone)
    ThisPhoneScreen(before, typed, saving, around, model::type, model::erase, model::eraseUntold)
}

/** What goes, what stays elsewhere, and a word to type. */
@Composable
fun ThisPhoneScreen(
    loaded: Loaded<BeforeErasing>,
    typed: String,
    saving: Saving,
    around: Around,
    onType: (String) -> Unit,
    onErase: () -> Unit,
    onEraseUntold: () -> Unit
) {
    Page(stringResource(R.string.this_phone_title), around) {
        WhyNot(saving)
        LoadedPart(loaded) { before ->
            if (before.isQuiet) {
                Text(stringResource(R.string.this_phone_quiet))
                return@LoadedPart
            }
            Panel {
                Text(stringResource(R.string.this_phone_means))
                if (before.isInRecord) Text(stringResource(R.string.this_phone_leaves))
                if (before.isElsewhere) Text(stringResource(R.string.this_phone_elsewhere))
                if (before.waiting > 0) {
                    Text(pluralStringResource(R.plurals.this_phone_waiting, before.waiting, before.waiting))
                }
            }
            if (!before.isElsewhere) Notice(stringResource(R.string.this_phone_lost), isProblem = true)
            val word = stringResource(R.string.this_phone_word)
            TypedWord(word, typed, onType)
            val isReady = typed.trim() == word && saving !is Saving.Now
            MainButton(stringResource(R.string.this_phone_do), onErase, enabled = isReady)
            if (isReady && (saving as? Saving.Failed)?.why is CompanionException.Offline) {
                Text(stringResource(R.string.this_phone_untold))
                OtherButton(stringResource(R.string.this_phone_do_untold), onEraseUntold)
            }
        }
    }
}
