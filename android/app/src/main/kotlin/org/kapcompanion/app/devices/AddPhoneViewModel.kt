package org.kapcompanion.app.devices

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.stateIn
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.Reached
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Acts
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.InvitationView
import org.kapcompanion.core.NewcomerView

/** What came of a phone that wanted in. */
enum class Answer { NONE, LET_IN, TURNED_AWAY }

/** A second phone: its link, the words to compare, and letting it in. */
class AddPhoneViewModel(door: RecordDoor, private val exchange: Exchange) : ViewModel() {
    private val acts = Acts(viewModelScope, door, exchange)

    // In memory alone: whoever has the link can come.
    private val made = MutableStateFlow<InvitationView?>(null)
    private val given = MutableStateFlow(Answer.NONE)

    /** The link, once it was made. */
    val invitation: StateFlow<InvitationView?> = made.asStateFlow()

    /** Phones that came by it and wait. */
    val newcomers: StateFlow<Loaded<List<NewcomerView>>> = door.watching { it.newcomers() }
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** Whether the server was reached. */
    val reached: StateFlow<Reached> = exchange.reached

    /** How it goes. */
    val saving: StateFlow<Saving> = acts.saving

    /** What was answered last. */
    val answer: StateFlow<Answer> = given.asStateFlow()

    /** Makes a link. */
    fun invite() = acts.begin { record ->
        made.value = record.invitePhone()
        given.value = Answer.NONE
    }

    /** The other phone shows the same words. */
    fun letIn(newcomer: NewcomerView) = acts.begin { record ->
        record.confirmPhone(newcomer.member)
        made.value = null
        given.value = Answer.LET_IN
    }

    /** It shows others, or is not to come. */
    fun turnAway(newcomer: NewcomerView) = acts.begin { record ->
        record.refusePhone(newcomer.member)
        made.value = null
        given.value = Answer.TURNED_AWAY
    }

    /** Asks the server whether somebody came. */
    fun askAgain() = exchange.soon()

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                AddPhoneViewModel(app.door, app.exchange)
            }
        }
    }
}
