package org.kapcompanion.app.measures

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
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
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.WhileShown
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.MeasureOfferView
import org.kapcompanion.core.MeasureTiming
import org.kapcompanion.core.NotNowReason
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.ResponseView

/** Something that was begun and not finished. */
data class Begun(
    val response: ResponseView,
    /** Whether it was begun longer ago than its questions ask about: then nothing can be added. */
    val isPastItsTime: Boolean
)

/** A questionnaire in the list. */
data class Offered(val offer: MeasureOfferView, val begun: List<Begun>)

private suspend fun offered(record: PhoneRecord): List<Offered> = record.measures()
    .map { offer -> Offered(offer, offer.open.map { Begun(it, isPastItsTime(record, it)) }) }
    .sortedBy { it.order() }

private suspend fun isPastItsTime(record: PhoneRecord, response: ResponseView): Boolean = try {
    record.resumeMeasure(response.head.id).isPastItsTime
} catch (why: CompanionException.NotNow) {
    why.reason is NotNowReason.PastItsTime
}

private fun Offered.order(): Int = when {
    begun.any { !it.isPastItsTime } -> 0
    offer.notNow != null -> 3
    offer.timing is MeasureTiming.First || offer.timing is MeasureTiming.Due -> 1
    else -> 2
}

/** How beginning or ending one goes. */
sealed interface Beginning {
    data object Not : Beginning

    data object Now : Beginning

    /** This one is to be answered now. */
    data class Done(val response: UUID) : Beginning

    data class Failed(val why: CompanionException) : Beginning
}

/** The questionnaires: what can be answered now, what was begun, and what was answered. */
class MeasuresViewModel(private val door: RecordDoor) : ViewModel() {
    private val progress = MutableStateFlow<Beginning>(Beginning.Not)

    /** All of them: first what was begun, then what is due, then the others. */
    val offers: StateFlow<Loaded<List<Offered>>> = door
        .watching { record -> offered(record) }
        .stateIn(viewModelScope, WhileShown, Loaded.NotYet)

    /** How beginning one goes. */
    val beginning: StateFlow<Beginning> = progress.asStateFlow()

    /** Begins a questionnaire. It is private until it is shared. */
    fun begin(measure: String) = act { Beginning.Done(door.use { it.beginMeasure(measure) }.response.head.id) }

    /** Keeps what was answered in time as it is. */
    fun keep(response: UUID) = act { Beginning.Done(door.use { it.finishMeasure(response) }.response.head.id) }

    /** Deletes what was begun. */
    fun delete(response: UUID) = act {
        door.use { record -> record.responses().use { it.delete(response) } }
        Beginning.Not
    }

    /** Somebody went there. */
    fun seen() {
        progress.value = Beginning.Not
    }

    private fun act(work: suspend () -> Beginning) {
        if (progress.value is Beginning.Now) return
        progress.value = Beginning.Now
        viewModelScope.launch {
            progress.value = try {
                work()
            } catch (why: CompanionException) {
                Beginning.Failed(why)
            }
        }
    }

    companion object {
        val Factory = viewModelFactory {
            initializer { MeasuresViewModel(checkNotNull(this[APPLICATION_KEY]).companion.door) }
        }
    }
}
