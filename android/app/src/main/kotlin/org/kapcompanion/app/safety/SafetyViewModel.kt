package org.kapcompanion.app.safety

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.util.UUID
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import org.kapcompanion.app.companion
import org.kapcompanion.app.help.Readership
import org.kapcompanion.app.help.readershipOf
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.app.ui.WhileShown
import org.kapcompanion.app.ui.sharingOf
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.HelpChoiceView
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.SafetyPlanView
import org.kapcompanion.core.SafetyStepView
import org.kapcompanion.core.SupportCardNowView
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.WrittenView
import org.kapcompanion.core.safetySteps

/** The safety plan, and what belongs to it. */
data class Safety(
    /** The plan; nothing as long as none was begun. */
    val plan: SafetyPlanView?,
    /** Lines that the clinic does not have, although the plan is shared. */
    val onlyHere: Set<UUID>,
    /** Who wrote the newest change of a shared plan. */
    val lastWritten: WrittenView?,
    /** What may be read on this phone without unlocking. */
    val unlocked: HelpChoiceView,
    /** The clinic's card of whom to call. */
    val card: SupportCardNowView?,
    val sharing: Sharing,
    val readership: Readership,
    /** All steps in their order, also before a plan is begun. */
    val steps: List<SafetyStepView> = plan?.steps ?: safetySteps()
)

/** The safety plan: private until it is shared. Looking at it tells nobody anything. */
class SafetyViewModel(private val door: RecordDoor, private val exchange: Exchange) : ViewModel() {
    private val progress = MutableStateFlow<Saving>(Saving.Not)

    // What may be read without unlocking is no change of the record: it is asked for again.
    private val chosen = MutableStateFlow(0)

    /** All of it. */
    val safety: StateFlow<Loaded<Safety>> = combine(
        door.watching { record -> safety(record) },
        chosen
    ) { loaded, _ -> withChoice(loaded) }
        .stateIn(viewModelScope, WhileShown, Loaded.NotYet)

    /** How saving goes. */
    val saving: StateFlow<Saving> = progress.asStateFlow()

    /** Lets be read without unlocking what is chosen, and nothing else any more. */
    fun choose(choice: HelpChoiceView) = act { record ->
        record.chooseHelp(choice)
        chosen.update { it + 1 }
    }

    /** Lets the care team read the whole plan. */
    fun share() = act { record ->
        record.shareSafetyPlan(WhoReads.CARE_TEAM)
        exchange.soon()
    }

    /** Makes it private again. */
    fun takeBack() = act { record ->
        record.withdrawSafetyPlan()
        exchange.soon()
    }

    private suspend fun withChoice(loaded: Loaded<Safety>): Loaded<Safety> {
        if (loaded !is Loaded.Here) return loaded
        return try {
            Loaded.Here(loaded.value.copy(unlocked = door.record().helpChoice()))
        } catch (why: CompanionException) {
            Loaded.Problem(why)
        }
    }

    private fun act(work: suspend (PhoneRecord) -> Unit) {
        if (progress.value is Saving.Now) return
        progress.value = Saving.Now
        viewModelScope.launch {
            progress.value = try {
                door.use(work)
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
                SafetyViewModel(app.door, app.exchange)
            }
        }
    }
}

private suspend fun safety(record: PhoneRecord): Safety {
    val plan = record.safetyPlan()
    return Safety(
        plan = plan,
        onlyHere = record.safetyLinesOnlyHere().toSet(),
        lastWritten = plan?.takeIf { it.head.isShared }?.let { record.written(it.head.id).firstOrNull() },
        unlocked = record.helpChoice(),
        card = record.supportCard(),
        sharing = sharingOf(record),
        readership = readershipOf(record)
    )
}
