package org.kapcompanion.app.guides

import org.kapcompanion.core.GuideBlock
import org.kapcompanion.core.GuideGrounds
import org.kapcompanion.core.GuideSource
import org.kapcompanion.core.GuideSpan
import org.kapcompanion.core.GuideView

/** A source with the number that it has in a guide. */
data class NumberedSource(val number: Int, val source: GuideSource)

/** All that a guide's words stand on, each once, in the order in which it first comes. */
internal fun sourcesOf(guide: GuideView): List<NumberedSource> {
    val grounds = guide.blocks.flatMap(::groundsOf) + guide.slots.flatMap { it.blocks.flatMap(::groundsOf) }
    val sources = grounds.flatMap { (it as? GuideGrounds.Sources)?.sources.orEmpty() }.distinctBy { it.id }
    return sources.mapIndexed { index, source -> NumberedSource(index + 1, source) }
}

private fun groundsOf(block: GuideBlock): List<GuideGrounds> = when (block) {
    is GuideBlock.Paragraph -> listOf(block.grounds)
    is GuideBlock.Points -> block.points.map { it.grounds }
    is GuideBlock.Tasks -> block.tasks.map { it.grounds }
    is GuideBlock.Heading, is GuideBlock.Slot, is GuideBlock.CrisisHelp -> emptyList()
}

/** `[1] [2]`; empty where nothing is claimed. */
internal fun numbersOf(grounds: GuideGrounds, sources: List<NumberedSource>): String {
    val own = (grounds as? GuideGrounds.Sources)?.sources.orEmpty().map { it.id }
    return sources.filter { it.source.id in own }.joinToString(" ") { "[${it.number}]" }
}

/** A guide as it is read aloud, part by part: without numbers of sources. */
internal fun spokenOf(open: OpenGuide): List<String> =
    (listOf(open.guide.title) + open.guide.blocks.flatMap { spoken(it, open) }).filter { it.isNotBlank() }

private fun spoken(block: GuideBlock, open: OpenGuide): List<String> = when (block) {
    is GuideBlock.Heading -> listOf(plain(block.text))

    is GuideBlock.Paragraph -> listOf(plain(block.text))

    is GuideBlock.Points -> block.points.map { plain(it.text) }

    is GuideBlock.Tasks -> block.tasks.map { plain(it.text) }

    is GuideBlock.Slot -> open.guide.slots.filter { it.slot == block.slot }.flatMap { slot ->
        val inner = slot.blocks.filter { it !is GuideBlock.Slot }.flatMap { spoken(it, open) }
        listOf(slot.heading) + inner + slot.note
    }

    is GuideBlock.CrisisHelp -> open.help.map { "${it.label}: ${it.number}" }
}

private fun plain(text: List<GuideSpan>): String = text.joinToString("") { it.text }
