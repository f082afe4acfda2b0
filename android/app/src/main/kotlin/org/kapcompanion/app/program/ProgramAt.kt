package org.kapcompanion.app.program

import androidx.compose.runtime.Composable
import java.util.UUID
import org.kapcompanion.app.guides.GuideRoute
import org.kapcompanion.app.guides.GuidesRoute
import org.kapcompanion.app.measures.MeasureRoute
import org.kapcompanion.app.measures.MeasuresRoute
import org.kapcompanion.app.safety.LineRoute
import org.kapcompanion.app.safety.SafetyRoute
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Shell
import org.kapcompanion.core.AssessmentTopic
import org.kapcompanion.core.SafetyStep

private const val GUIDE = "guide/"
private const val MEASURE = "measure/"
private const val TOPIC = "topic/"
private const val LINE = "safety-line/"

/** The places of guides, questionnaires, assessment, costs, medicines and the safety plan. */
object ProgramPlaces {
    const val GUIDES = "guides"
    const val MEASURES = "measures"
    const val ASSESSMENT = "assessment"
    const val COSTS = "costs"
    const val MEDICINES = "medicines"
    const val SAFETY = "safety"

    /** The page of a guide, where it comes for each session of that one. */
    fun guide(name: String, session: UUID?): String = GUIDE + name + session?.let { "/$it" }.orEmpty()

    /** The page of a questionnaire that was begun. */
    fun measure(response: UUID): String = "$MEASURE$response"

    /** The page on which a topic of the assessment is written. */
    fun topic(topic: AssessmentTopic): String = TOPIC + topic.name

    /** The page on which a line of the safety plan is written; without an item a new one. */
    fun line(step: SafetyStep, item: UUID?): String = LINE + step.name + item?.let { "/$it" }.orEmpty()
}

/** Draws a place of this part; false where it is none. */
@Composable
fun programAt(place: String, shell: Shell, around: Around): Boolean {
    when {
        place == ProgramPlaces.GUIDES -> GuidesRoute(around, shell::go)
        place == ProgramPlaces.MEASURES -> MeasuresRoute(around, shell::go)
        place == ProgramPlaces.ASSESSMENT -> AssessmentRoute(around, shell::go)
        place == ProgramPlaces.COSTS -> CostsRoute(around)
        place == ProgramPlaces.MEDICINES -> MedicinesRoute(around)
        place == ProgramPlaces.SAFETY -> SafetyRoute(around, shell::go)
        else -> return onePageAt(place, shell, around)
    }
    return true
}

@Composable
private fun onePageAt(place: String, shell: Shell, around: Around): Boolean {
    val parts = place.substringAfter('/').split('/')
    when {
        place.startsWith(GUIDE) -> GuideRoute(parts[0], parts.getOrNull(1)?.let(UUID::fromString), around)

        place.startsWith(MEASURE) -> MeasureRoute(UUID.fromString(parts[0]), around, shell::go)

        place.startsWith(TOPIC) -> TopicRoute(AssessmentTopic.valueOf(parts[0]), around, onDone = shell::back)

        place.startsWith(LINE) -> {
            val item = parts.getOrNull(1)?.let(UUID::fromString)
            LineRoute(SafetyStep.valueOf(parts[0]), item, around, onDone = shell::back)
        }

        else -> return false
    }
    return true
}
