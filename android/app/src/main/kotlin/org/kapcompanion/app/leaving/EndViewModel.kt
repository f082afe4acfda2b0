package org.kapcompanion.app.leaving

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.reminders.ReminderAlarms
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.AccountStanding
import org.kapcompanion.core.BeforeEndingView
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.SharedThen

private const val SHARED = "shared"
private const val TYPED = "typed"

/** How the end of the account stands. */
sealed interface Ending {
    /** It can't be ended on this phone now. */
    data class NotNow(val why: CompanionException) : Ending

    /** It can be: what a person should know before. */
    data class Before(val before: BeforeEndingView) : Ending

    /** It was decided, here or on another phone. */
    data class Decided(val standing: AccountStanding) : Ending
}

/** Ending the account: what remains where, what becomes of what is shared, a word to type, and how far it got. */
class EndViewModel(
    private val saved: SavedStateHandle,
    private val door: RecordDoor,
    private val reminders: ReminderAlarms
) : ViewModel() {
    private val progress = MutableStateFlow<Saving>(Saving.Not)

    /** How it stands. */
    val ending: StateFlow<Loaded<Ending>> = door.watching(load = ::endingOf)
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** What becomes of what is shared. */
    val shared: StateFlow<SharedThen> = saved.getStateFlow(SHARED, SharedThen.STAYS)

    /** The word that is typed, so that nobody ends by a slip of the hand. */
    val typed: StateFlow<String> = saved.getStateFlow(TYPED, "")

    /** How it goes. */
    val saving: StateFlow<Saving> = progress.asStateFlow()

    /** Chooses what becomes of what is shared. */
    fun choose(shared: SharedThen) {
        saved[SHARED] = shared
    }

    /** Takes the word. */
    fun type(typed: String) {
        saved[TYPED] = typed
    }

    /** Ends the account, and tells the server; without a network it goes on by itself later. */
    fun end() = doing { record ->
        record.endAccount(shared.value)
        saved[TYPED] = ""
        goOn(record)
    }

    /** Tries again to tell the server. */
    fun tryAgain() = doing(::goOn)

    /** Said once what was on this phone is gone. */
    private suspend fun goOn(record: PhoneRecord): Saving {
        if (record.accountStanding() !is AccountStanding.Ended) record.sync()
        if (record.accountStanding() !is AccountStanding.Ended) return Saving.Not
        reminders.forget()
        door.removeEnded()
        return Saving.Done
    }

    /** Somebody saw that it is done. */
    fun seen() {
        progress.value = Saving.Not
    }

    private fun doing(act: suspend (PhoneRecord) -> Saving) {
        if (progress.value is Saving.Now) return
        progress.value = Saving.Now
        viewModelScope.launch {
            progress.value = try {
                door.use(act)
            } catch (why: CompanionException) {
                Saving.Failed(why)
            }
        }
    }

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                EndViewModel(createSavedStateHandle(), app.door, app.reminders)
            }
        }
    }
}

private suspend fun endingOf(record: PhoneRecord): Ending {
    record.accountStanding()?.let { return Ending.Decided(it) }
    return try {
        record.mayEndAccount()
        Ending.Before(record.beforeEnding())
    } catch (why: CompanionException.NotNow) {
        Ending.NotNow(why)
    }
}
