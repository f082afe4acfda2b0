package org.kapcompanion.app.help

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.update
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.HelpLineView
import org.kapcompanion.core.HelpPersonView
import org.kapcompanion.core.SafetyStepView

/** Whom to call, and the person's own plan as far as it may be shown now. */
data class Help(
    /** The most urgent first. */
    val lines: List<HelpLineView>,
    /** People of the plan, where the person lets them be read without unlocking. */
    val people: List<HelpPersonView> = emptyList(),
    /** The steps of the plan that say something; none while the record is not open. */
    val plan: List<SafetyStepView> = emptyList()
)

/** Help in a crisis. The first lines are there at once; nothing here waits for the record, its key or a network. */
class HelpViewModel(desk: HelpDesk, door: RecordDoor) : ViewModel() {
    private val atOnce = Help(desk.atOnce())
    private val looks = MutableStateFlow(0)

    /** What there is so far. */
    val help: StateFlow<Help> =
        combine(whole(desk), plan(door)) { whole, plan -> whole.copy(plan = plan) }
            .stateIn(viewModelScope, SharingStarted.Eagerly, atOnce)

    /** Somebody opened the page: what may be read without unlocking can have changed since. */
    fun look() = looks.update { it + 1 }

    private fun whole(desk: HelpDesk): Flow<Help> = looks
        .map {
            val all = desk.whole()
            Help(all.lines, all.people)
        }
        .onStart { emit(atOnce) }

    private fun plan(door: RecordDoor): Flow<List<SafetyStepView>> =
        door.watching { record -> record.safetyPlan()?.steps.orEmpty().filter { it.lines.isNotEmpty() } }
            .map { (it as? Loaded.Here)?.value.orEmpty() }
            .onStart { emit(emptyList()) }

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                HelpViewModel(app.help, app.door)
            }
        }
    }
}
