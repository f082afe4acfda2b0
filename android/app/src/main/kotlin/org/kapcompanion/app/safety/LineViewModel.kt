package org.kapcompanion.app.safety

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.util.UUID
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.Drafts
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhileShown
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.SafetyChange
import org.kapcompanion.core.SafetyLineView
import org.kapcompanion.core.SafetyStep
import org.kapcompanion.core.SafetyStepView
import org.kapcompanion.core.safetySteps

private const val TEXT = "text"
private const val NUMBER = "number"

/** A line of the plan where it stands. */
data class PlacedLine(
    val step: SafetyStepView,
    /** The line; nothing for a new one. */
    val line: SafetyLineView?,
    /** Whether the care team reads the plan. */
    val isShared: Boolean
) {
    /** Where in its step it stands, from 0; -1 for a new one. */
    val place: Int get() = step.lines.indexOfFirst { it.item == line?.item }
}

/** A line of the safety plan while it is written. */
class LineViewModel(
    private val step: SafetyStep,
    private val item: UUID?,
    private val saved: SavedStateHandle,
    private val door: RecordDoor,
    private val exchange: Exchange,
    drafts: Drafts
) : ViewModel() {
    private val progress = MutableStateFlow<Saving>(Saving.Not)

    /** The line as the record has it. */
    val placed: StateFlow<Loaded<PlacedLine>> = door
        .watching { record -> placed(record) }
        .stateIn(viewModelScope, WhileShown, Loaded.NotYet)

    /** The words as they were typed; nothing as long as none were. */
    val text: StateFlow<String?> = saved.getStateFlow<String?>(TEXT, null)

    /** The number as it was typed; nothing as long as none was. */
    val number: StateFlow<String?> = saved.getStateFlow<String?>(NUMBER, null)

    /** How saving goes. */
    val saving: StateFlow<Saving> = progress.asStateFlow()

    private val draft = drafts.of(this, saved, place(), null, TEXT, NUMBER)

    init {
        viewModelScope.launch { draft.takeUp() }
    }

    // A line is no document, so its draft has a page of its own: with the letters of its name alone.
    private fun place(): String {
        val letters = item?.toString().orEmpty().filter { it != '-' }.map { 'a' + it.digitToInt(16) }
        return "line_" + letters.joinToString("").ifEmpty { "new_${step.name.lowercase()}" }
    }

    /** Takes the words. */
    fun type(text: String) {
        saved[TEXT] = text
        draft.changed()
    }

    /** Takes the number. */
    fun typeNumber(number: String) {
        saved[NUMBER] = number
        draft.changed()
    }

    /** Writes it into the plan. What was typed stays until that is done. */
    fun save() = act(isLast = true) {
        val before = line
        val words = (text.value ?: before?.text.orEmpty()).trim()
        val whom = (number.value ?: before?.number.orEmpty()).trim()
        // A line that another phone removed meanwhile is not lost with what was typed here: it is added anew.
        if (item == null || before == null) {
            SafetyChange.Add(step, words, whom)
        } else {
            SafetyChange.Reword(step, item, words, whom)
        }
    }

    /** Takes the line out of the plan. */
    fun remove() = act(isLast = true) { item?.let { SafetyChange.Remove(step, it) } }

    /** Moves it up or down in its step. */
    fun move(to: Int) = act(isLast = false) { item?.let { SafetyChange.Move(step, it, to.toUInt()) } }

    /** Somebody saw that it is saved. */
    fun seen() {
        progress.value = Saving.Not
    }

    private val line: SafetyLineView? get() = (placed.value as? Loaded.Here)?.value?.line

    private suspend fun placed(record: PhoneRecord): PlacedLine {
        val plan = record.safetyPlan()
        val its = (plan?.steps ?: safetySteps()).first { it.step == step }
        return PlacedLine(its, its.lines.find { it.item == item }, plan?.head?.isShared == true)
    }

    private fun act(isLast: Boolean, change: () -> SafetyChange?) {
        if (progress.value is Saving.Now) return
        val made = change() ?: return
        progress.value = Saving.Now
        viewModelScope.launch {
            progress.value = try {
                val plan = door.use { it.changeSafetyPlan(listOf(made)) }
                if (plan.head.isShared) exchange.soon()
                if (isLast) {
                    saved[TEXT] = null
                    saved[NUMBER] = null
                    draft.forget()
                    Saving.Done
                } else {
                    Saving.Not
                }
            } catch (why: CompanionException) {
                Saving.Failed(why)
            }
        }
    }

    companion object {
        fun factory(step: SafetyStep, item: UUID?) = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                LineViewModel(step, item, createSavedStateHandle(), app.door, app.exchange, app.drafts)
            }
        }
    }
}
