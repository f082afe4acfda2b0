package org.kapcompanion.app.sharing

import androidx.annotation.StringRes
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.core.AssessmentTexts
import org.kapcompanion.core.CheckIns
import org.kapcompanion.core.Commitments
import org.kapcompanion.core.DocumentHead
import org.kapcompanion.core.Intentions
import org.kapcompanion.core.Journal
import org.kapcompanion.core.LocalMoment
import org.kapcompanion.core.NextSessionLines
import org.kapcompanion.core.PageRequest
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.RemainsView
import org.kapcompanion.core.Responses
import org.kapcompanion.core.UseChecks
import org.kapcompanion.core.WhoReads

private const val ROWS = 500u

/** Something that a person wrote and may share, whatever kind it is. */
data class OwnItem(
    val kind: OwnKind,
    val head: DocumentHead,
    val readers: WhoReads,
    /** How it begins, in the person's own words; may be empty. */
    val words: String,
    /** The step of a check-in. */
    val step: Int? = null,
    val at: LocalMoment
)

/** The kinds of what a person may share: each is read, shared, taken back and deleted in the same way. */
enum class OwnKind(@StringRes val title: Int, internal val verbs: OwnVerbs) {
    ENTRY(R.string.own_entry, entries()),
    CHECK_IN(R.string.own_check_in, checkIns()),
    ANSWERS(R.string.own_answers, answers()),
    ASSESSMENT(R.string.own_assessment, assessmentTexts()),
    COMMITMENT(R.string.own_commitment, commitments()),
    NEXT_SESSION(R.string.own_next_session, nextSessionLines()),
    INTENTION(R.string.own_intention, intentions()),
    USE_CHECK(R.string.own_use_check, useChecks())
}

/** What is done alike with all that a person may share. */
internal interface OwnVerbs {
    /** Those of them that both sides can read. */
    suspend fun shared(record: PhoneRecord): List<OwnItem>

    /** Shares one; its name from then on. */
    suspend fun share(record: PhoneRecord, id: UUID, readers: WhoReads): UUID

    /** Takes one back; its name from then on. */
    suspend fun takeBack(record: PhoneRecord, id: UUID): UUID

    /** Deletes one. */
    suspend fun delete(record: PhoneRecord, id: UUID)

    /** What of it stays where, once it is taken back or deleted. */
    suspend fun remains(record: PhoneRecord, id: UUID): RemainsView

    /** Who reads it, where it is shared. */
    suspend fun readers(record: PhoneRecord, id: UUID): WhoReads?
}

/** The verbs of one list of the core's, which has the same ones as the others and no name in common with them. */
private class Listed<L : AutoCloseable>(
    private val list: (PhoneRecord) -> L,
    private val page: suspend L.(PageRequest) -> Pair<List<OwnItem>, String?>,
    private val share: suspend L.(UUID, WhoReads) -> DocumentHead,
    private val withdraw: suspend L.(UUID) -> DocumentHead,
    private val delete: suspend L.(UUID) -> Unit,
    private val remains: suspend L.(UUID) -> RemainsView,
    private val readers: suspend L.(UUID) -> WhoReads?
) : OwnVerbs {
    override suspend fun shared(record: PhoneRecord): List<OwnItem> = list(record).use { list ->
        val all = mutableListOf<OwnItem>()
        var after: String? = null
        do {
            val (items, next) = list.page(PageRequest(rows = ROWS, after = after))
            all += items.filter { it.head.isShared }
            after = next
        } while (after != null)
        all
    }

    override suspend fun share(record: PhoneRecord, id: UUID, readers: WhoReads): UUID =
        list(record).use { it.share(id, readers).id }

    override suspend fun takeBack(record: PhoneRecord, id: UUID): UUID = list(record).use { it.withdraw(id).id }

    override suspend fun delete(record: PhoneRecord, id: UUID) = list(record).use { it.delete(id) }

    override suspend fun remains(record: PhoneRecord, id: UUID): RemainsView = list(record).use { it.remains(id) }

    override suspend fun readers(record: PhoneRecord, id: UUID): WhoReads? = list(record).use { it.readers(id) }
}

private fun entries(): OwnVerbs = Listed<Journal>(
    { it.journal() },
    { asked ->
        val page = page(asked)
        page.items.map {
            val words = listOf(it.title, it.body).filter(String::isNotBlank).joinToString("\n")
            OwnItem(OwnKind.ENTRY, it.head, it.visibility, words, at = it.at)
        } to page.next
    },
    { id, readers -> share(id, readers).head },
    { withdraw(it).head },
    { delete(it) },
    { whatRemains(it) },
    { readers(it) }
)

private fun checkIns(): OwnVerbs = Listed<CheckIns>(
    { it.checkIns() },
    { asked ->
        val page = page(asked)
        page.items.map {
            OwnItem(OwnKind.CHECK_IN, it.head, it.visibility, it.note, it.valence.toInt(), it.at)
        } to page.next
    },
    { id, readers -> share(id, readers).head },
    { withdraw(it).head },
    { delete(it) },
    { whatRemains(it) },
    { readers(it) }
)

private fun answers(): OwnVerbs = Listed<Responses>(
    { it.responses() },
    { asked ->
        val page = page(asked)
        page.items.map {
            OwnItem(OwnKind.ANSWERS, it.head, it.visibility, it.name ?: it.measure, at = it.at)
        } to page.next
    },
    { id, readers -> share(id, readers).head },
    { withdraw(it).head },
    { delete(it) },
    { whatRemains(it) },
    { readers(it) }
)

private fun assessmentTexts(): OwnVerbs = Listed<AssessmentTexts>(
    { it.assessmentTexts() },
    { asked ->
        val page = page(asked)
        page.items.map { OwnItem(OwnKind.ASSESSMENT, it.head, it.visibility, it.text, at = it.at) } to page.next
    },
    { id, readers -> share(id, readers).head },
    { withdraw(it).head },
    { delete(it) },
    { whatRemains(it) },
    { readers(it) }
)

private fun commitments(): OwnVerbs = Listed<Commitments>(
    { it.commitments() },
    { asked ->
        val page = page(asked)
        page.items.map { OwnItem(OwnKind.COMMITMENT, it.head, it.visibility, it.text, at = it.at) } to page.next
    },
    { id, readers -> share(id, readers).head },
    { withdraw(it).head },
    { delete(it) },
    { whatRemains(it) },
    { readers(it) }
)

private fun nextSessionLines(): OwnVerbs = Listed<NextSessionLines>(
    { it.nextSessionLines() },
    { asked ->
        val page = page(asked)
        page.items.map { OwnItem(OwnKind.NEXT_SESSION, it.head, it.visibility, it.text, at = it.at) } to page.next
    },
    { id, readers -> share(id, readers).head },
    { withdraw(it).head },
    { delete(it) },
    { whatRemains(it) },
    { readers(it) }
)

private fun intentions(): OwnVerbs = Listed<Intentions>(
    { it.allIntentions() },
    { asked ->
        val page = page(asked)
        page.items.map {
            val words = (listOf(it.text) + it.values).filter(String::isNotBlank).joinToString("\n")
            OwnItem(OwnKind.INTENTION, it.head, it.visibility, words, at = it.at)
        } to page.next
    },
    { id, readers -> share(id, readers).head },
    { withdraw(it).head },
    { delete(it) },
    { whatRemains(it) },
    { readers(it) }
)

private fun useChecks(): OwnVerbs = Listed<UseChecks>(
    { it.useChecks() },
    { asked ->
        val page = page(asked)
        page.items.map { OwnItem(OwnKind.USE_CHECK, it.head, it.visibility, it.words, at = it.at) } to page.next
    },
    { id, readers -> share(id, readers).head },
    { withdraw(it).head },
    { delete(it) },
    { whatRemains(it) },
    { readers(it) }
)
