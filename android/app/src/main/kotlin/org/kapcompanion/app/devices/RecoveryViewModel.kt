package org.kapcompanion.app.devices

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlin.random.Random
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.EarlierWords
import org.kapcompanion.core.PairingStanding
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.RecoverySheetView
import org.kapcompanion.core.RecoveryStandingView

/** How many words are asked for, to see that all are on paper. */
private const val ASKED_FOR = 3

/** Which words there are, and whether this phone is in a record that words can open. */
data class RecoveryNow(val words: RecoveryStandingView, val isPaired: Boolean)

/** How far making recovery words got. */
sealed interface Making {
    /** Nothing is being made. */
    data object Not : Making

    /** They are made: to be written down. */
    data class Shown(val sheet: RecoverySheetView, val isVisible: Boolean) : Making

    /** They are on paper, as the person says: some of them are asked for. */
    data class Check(
        /** The sheet; nothing where the system ended the app since, so that only one word can be asked for. */
        val sheet: RecoverySheetView?,
        /** Which words are asked for, counted from 1, in their order. */
        val places: List<Int>,
        /** What was typed, in the same order. */
        val typed: List<String>,
        /** Which of them is another word; nothing as long as none is known to be. */
        val wrong: Int? = null
    ) : Making

    /** They are good. */
    data class Done(val earlier: EarlierWords) : Making
}

/**
 * Recovery words: made, shown, written down, checked. The words stay in memory, and go with the page: whoever has them
 * can read and join the record.
 */
class RecoveryViewModel(private val door: RecordDoor, private val random: Random) : ViewModel() {
    private val step = MutableStateFlow<Making>(Making.Not)
    private val failure = MutableStateFlow<CompanionException?>(null)
    private val busy = MutableStateFlow(false)

    /** Which words there are. */
    val now: StateFlow<Loaded<RecoveryNow>> = door
        .watching { record ->
            val status = record.status()
            RecoveryNow(status.recoveryWords, status.pairing is PairingStanding.Paired)
        }
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** How far it got. */
    val making: StateFlow<Making> = step.asStateFlow()

    /** Why the last step did not go. */
    val failed: StateFlow<CompanionException?> = failure.asStateFlow()

    /** Whether something is being done. */
    val isBusy: StateFlow<Boolean> = busy.asStateFlow()

    /** Makes words. */
    fun make() = doing { record -> step.value = Making.Shown(record.makeRecoveryWords(), isVisible = false) }

    /** Shows the words, or hides them. */
    fun show(isVisible: Boolean) {
        val shown = step.value as? Making.Shown ?: return
        step.value = shown.copy(isVisible = isVisible)
    }

    /** They are on paper. */
    fun check() {
        val sheet = (step.value as? Making.Shown)?.sheet ?: return
        val asked = sheet.asksFor.toInt()
        val others = (1..sheet.words.size).filter { it != asked }.shuffled(random).take(ASKED_FOR - 1)
        val places = (others + asked).sorted()
        step.value = Making.Check(sheet, places, places.map { "" })
    }

    /** Checks words whose sheet is not in memory any more: only the core's own question is left. */
    fun checkOne(place: Int) {
        step.value = Making.Check(null, listOf(place), listOf(""))
    }

    /** Takes what is typed for one of the places. */
    fun type(index: Int, word: String) {
        val check = step.value as? Making.Check ?: return
        step.value =
            check.copy(typed = check.typed.mapIndexed { at, old -> if (at == index) word else old }, wrong = null)
    }

    /** Back to the words, to look at them again. */
    fun lookAgain() {
        val sheet = (step.value as? Making.Check)?.sheet ?: return
        failure.value = null
        step.value = Making.Shown(sheet, isVisible = false)
    }

    /** Confirms them, if each word that was asked for is the right one. */
    fun confirm() {
        val check = step.value as? Making.Check ?: return
        val sheet = check.sheet
        if (sheet != null) {
            val wrong = check.places.indices.find { clean(check.typed[it]) != sheet.words[check.places[it] - 1] }
            if (wrong != null) {
                step.value = check.copy(wrong = check.places[wrong])
                return
            }
        }
        val word = check.typed[sheet?.let { check.places.indexOf(it.asksFor.toInt()) } ?: 0]
        doing { record -> step.value = Making.Done(record.confirmRecoveryWords(clean(word))) }
    }

    /** Ends other words than those that stand. */
    fun endOthers() = doing { it.endOtherWords() }

    /** Forgets the words: the page was left. */
    fun leave() {
        step.value = Making.Not
        failure.value = null
    }

    private fun clean(word: String) = word.trim().lowercase()

    private fun doing(act: suspend (PhoneRecord) -> Unit) {
        if (busy.value) return
        busy.value = true
        failure.value = null
        viewModelScope.launch {
            try {
                door.use(act)
            } catch (why: CompanionException) {
                failure.value = why
            }
            busy.value = false
        }
    }

    companion object {
        val Factory = viewModelFactory {
            initializer { RecoveryViewModel(checkNotNull(this[APPLICATION_KEY]).companion.door, Random.Default) }
        }
    }
}
