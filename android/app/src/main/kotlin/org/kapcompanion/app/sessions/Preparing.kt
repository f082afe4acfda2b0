package org.kapcompanion.app.sessions

import java.util.Locale
import java.util.UUID
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.app.ui.sharingOf
import org.kapcompanion.core.DosingSessionView
import org.kapcompanion.core.GuideBlock
import org.kapcompanion.core.GuideSlotView
import org.kapcompanion.core.GuideSpan
import org.kapcompanion.core.IntentionView
import org.kapcompanion.core.NewsAnswerView
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.PreparationItemView
import org.kapcompanion.core.PreparationView
import org.kapcompanion.core.preparationItems

/** What is settled before a session, and what is still to do. */
data class Preparing(
    val session: DosingSessionView,
    /** What the person settled; nothing when they said nothing yet. */
    val said: PreparationView?,
    /** The list, with what of it is done. */
    val items: List<PreparationItemView>,
    /** What the clinic wrote about eating, drinking, medicines and the way home. */
    val rules: List<RuleOfClinic>,
    val intentions: List<IntentionView>,
    /** The newest answer to "is anything new?". */
    val news: NewsAnswerView?,
    /** Whether what is written now can be shared. */
    val sharing: Sharing
)

/** A rule of the clinic's, line by line; [note] says whose words they are, or what to do where there are none. */
data class RuleOfClinic(val slot: String, val heading: String, val lines: List<String>, val note: String)

/** The clinic's words about the way home. */
internal const val GETTING_HOME = "getting-home"

internal suspend fun preparing(record: PhoneRecord, id: UUID): Preparing {
    val session = record.dosingSessions().use { it.get(id) }
    val said = record.preparation(id)
    return Preparing(
        session = session,
        said = said,
        items = said?.items ?: preparationItems(),
        rules = rulesOfClinic(record),
        intentions = record.intentions(id),
        news = record.whatIsNew(id).firstOrNull(),
        sharing = sharingOf(record)
    )
}

/** The clinic's rules from all guides that lie before the person, each once. */
internal suspend fun rulesOfClinic(record: PhoneRecord): List<RuleOfClinic> {
    val desk = record.guides(Locale.getDefault().toLanguageTag())
    return (desk.now + desk.next + desk.shelf).flatMap { it.slots }.distinctBy { it.slot }.map(::rule)
}

private fun rule(slot: GuideSlotView) = RuleOfClinic(
    slot.slot,
    slot.heading,
    slot.blocks.flatMap(::lines),
    slot.note
)

private fun lines(block: GuideBlock): List<String> = when (block) {
    is GuideBlock.Heading -> listOf(plain(block.text))
    is GuideBlock.Paragraph -> listOf(plain(block.text))
    is GuideBlock.Points -> block.points.map { point -> "${point.number?.let { "$it." } ?: "•"} ${plain(point.text)}" }
    is GuideBlock.Tasks -> block.tasks.map { "• ${plain(it.text)}" }
    is GuideBlock.Slot, is GuideBlock.CrisisHelp -> emptyList()
}

private fun plain(spans: List<GuideSpan>): String = spans.joinToString("") { it.text }
