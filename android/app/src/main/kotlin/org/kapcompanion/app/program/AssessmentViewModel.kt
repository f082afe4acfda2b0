package org.kapcompanion.app.program

import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.stateIn
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.WhileShown
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.AssessmentHeading
import org.kapcompanion.core.AssessmentOutcomeView
import org.kapcompanion.core.AssessmentTextView
import org.kapcompanion.core.AssessmentTopic
import org.kapcompanion.core.MissingFirst
import org.kapcompanion.core.PageRequest
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.ProgrammeNowView
import org.kapcompanion.core.assessmentHeadings

/** Far more than anybody writes for five topics: two phones that begin one apart write two. */
private const val ALL_TEXTS = 100u

/** A topic of the assessment with what was written of it, the newest first. */
data class Topic(val heading: AssessmentHeading, val texts: List<AssessmentTextView>)

/** The assessment: what it came to, and what the person wrote for it. */
data class Assessment(
    /** The program; nothing as long as none was begun. */
    val program: ProgrammeNowView?,
    /** What it came to; nothing as long as nobody said. */
    val outcome: AssessmentOutcomeView?,
    /** The first thing that is missing before a session may take place. */
    val missing: MissingFirst?,
    val topics: List<Topic>
)

/** The assessment, read from the record. */
class AssessmentViewModel(door: RecordDoor) : ViewModel() {
    /** All of it. */
    val assessment: StateFlow<Loaded<Assessment>> = door
        .watching { record -> assessment(record) }
        .stateIn(viewModelScope, WhileShown, Loaded.NotYet)

    companion object {
        val Factory = viewModelFactory {
            initializer { AssessmentViewModel(checkNotNull(this[APPLICATION_KEY]).companion.door) }
        }
    }
}

private suspend fun assessment(record: PhoneRecord): Assessment {
    val plan = record.plan()
    val outcomes = record.assessmentOutcomes().use { it.page(PageRequest(rows = 1u)) }
    val texts = record.assessmentTexts().use { it.page(PageRequest(rows = ALL_TEXTS)) }.items
    val topics = assessmentHeadings().map { heading -> Topic(heading, texts.filter { it.section == heading.topic }) }
    return Assessment(plan.programme, outcomes.items.firstOrNull(), plan.missingFirst, topics)
}

/** What was written of a topic, the newest first. */
internal suspend fun textsOf(record: PhoneRecord, topic: AssessmentTopic): List<AssessmentTextView> =
    record.assessmentTexts().use { it.page(PageRequest(rows = ALL_TEXTS)) }.items.filter { it.section == topic }
