package org.kapcompanion.app.program

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.util.UUID
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import org.kapcompanion.app.companion
import org.kapcompanion.app.guides.hearerOf
import org.kapcompanion.app.record.Drafts
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Acts
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhileShown
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.MedicineRequest
import org.kapcompanion.core.MedicineSort
import org.kapcompanion.core.MedicinesNowView

private const val NAME = "name"
private const val WHAT_FOR = "what-for"
private const val IS_SUPPLEMENT = "is-supplement"

/** What the person takes, and whether there is a clinic to keep the list with. */
data class Medicines(val lists: List<MedicinesNowView>, val hasClinic: Boolean)

/** A medicine while it is written. */
data class NewMedicine(val name: String = "", val whatFor: String = "", val isSupplement: Boolean = false)

/** The list of medicines and supplements, which both sides keep. */
class MedicinesViewModel(private val saved: SavedStateHandle, door: RecordDoor, exchange: Exchange, drafts: Drafts) :
    ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)

    /** The lists; there is one, unless two phones began apart. */
    val medicines: StateFlow<Loaded<Medicines>> = door
        .watching { record -> Medicines(record.medicines(), hearerOf(record) != null) }
        .stateIn(viewModelScope, WhileShown, Loaded.NotYet)

    /** What is typed of a new one. */
    val new: StateFlow<NewMedicine> = combine(
        saved.getStateFlow(NAME, ""),
        saved.getStateFlow(WHAT_FOR, ""),
        saved.getStateFlow(IS_SUPPLEMENT, false),
        ::NewMedicine
    ).stateIn(viewModelScope, WhileShown, typed())

    /** How saving goes. */
    val saving: StateFlow<Saving> = acts.saving

    private val kept = drafts.of(this, saved, "medicines", null, NAME, WHAT_FOR)

    init {
        viewModelScope.launch { kept.takeUp() }
    }

    /** Takes what is typed. */
    fun type(new: NewMedicine) {
        saved[NAME] = new.name
        saved[WHAT_FOR] = new.whatFor
        saved[IS_SUPPLEMENT] = new.isSupplement
        kept.changed()
    }

    /** Puts it on the list. What was typed stays until that is done. */
    fun add() = acts.begin { record ->
        val new = typed()
        val sort = if (new.isSupplement) MedicineSort.SUPPLEMENT else MedicineSort.MEDICINE
        record.addMedicine(MedicineRequest(new.name.trim(), new.whatFor.trim(), sort))
        type(NewMedicine())
    }

    /** Says that something is not taken any more, or is taken again. */
    fun setStopped(list: UUID, item: UUID, isStopped: Boolean) = acts.begin { record ->
        record.setMedicineStopped(list, item, if (isStopped) record.now() else null)
    }

    private fun typed() = NewMedicine(saved[NAME] ?: "", saved[WHAT_FOR] ?: "", saved[IS_SUPPLEMENT] ?: false)

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                MedicinesViewModel(createSavedStateHandle(), app.door, app.exchange, app.drafts)
            }
        }
    }
}
