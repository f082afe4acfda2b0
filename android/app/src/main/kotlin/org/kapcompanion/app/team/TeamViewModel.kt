package org.kapcompanion.app.team

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.stateIn
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.CareTeamView
import org.kapcompanion.core.LooksView
import org.kapcompanion.core.RequestOutcome

/** The care team, and how many questions of the clinic's are open. */
data class Team(val people: CareTeamView, val openRequests: Int)

/** Who is in the care team, and who looked at what. */
class TeamViewModel(door: RecordDoor) : ViewModel() {
    /** The team. */
    val team: StateFlow<Loaded<Team>> = door
        .watching { record ->
            val open = record.releaseRequests().count { it.outcome is RequestOutcome.Open }
            Team(record.careTeam(), open)
        }
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    /** Who looked, the newest day first. */
    val looks: StateFlow<Loaded<List<LooksView>>> = door.watching { it.accessLog() }
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(), Loaded.NotYet)

    companion object {
        val Factory = viewModelFactory {
            initializer { TeamViewModel(checkNotNull(this[APPLICATION_KEY]).companion.door) }
        }
    }
}
