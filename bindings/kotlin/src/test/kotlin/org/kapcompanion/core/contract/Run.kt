package org.kapcompanion.core.contract

import java.nio.file.Path
import java.time.Instant
import java.util.UUID
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.Delivery
import org.kapcompanion.core.EntryKind
import org.kapcompanion.core.EntryRequest
import org.kapcompanion.core.EntryView
import org.kapcompanion.core.Journal
import org.kapcompanion.core.LocalMoment
import org.kapcompanion.core.PageRequest
import org.kapcompanion.core.PairingStanding
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.version

/** Takes the steps of a scenario one after the other: `bindings/contract/README.md` says what each means. */
internal class Run(private val folder: Path, private val clinic: Clinic) {
    private val phones = mutableMapOf<String, Phone>()
    private val entries = mutableMapOf<String, EntryView>()
    private val ears = mutableMapOf<String, Ears>()

    /** What steps gave, under the name that they gave it. */
    private val said = mutableMapOf<String, JsonObject>()
    private var written = 0L

    suspend fun all(steps: JsonArray) {
        for (step in steps) {
            val filled = step.replaced(::standsFor).jsonObject
            val error = try {
                take(filled)
                null
            } catch (error: CompanionException) {
                error
            } catch (other: Throwable) {
                throw AssertionError("at $filled", other)
            }
            mustBeAsExpected(filled, error)
        }
    }

    /** What `$name.field` stands for. */
    private fun standsFor(text: String): JsonElement? {
        if (!text.startsWith('$')) return null
        val (name, field) = text.drop(1).split('.', limit = 2)
        val phone = phones[name]
        return when {
            phone != null && field == "path" -> JsonPrimitive(phone.path.toString())
            phone != null && field == "key" -> JsonPrimitive(phone.key)
            else -> checkNotNull(said[name]?.get(field)) { "nobody said $text" }
        }
    }

    private suspend fun take(step: JsonObject) {
        when (val op = step.text("op")) {
            "open" -> phone(step).open(step.textOrNull("vault"))
            "close" -> phone(step).close()
            "clinic" -> askClinic(step)
            "admitted" -> admit(step)
            "pair" -> {
                val pairing = record(step).pair(step.text("link"))
                assertEquals(step.text("compare_with"), nameOf(pairing.compareWith))
            }
            "sync" -> assertEquals(emptyList<Any>(), record(step).sync().problems)
            "pause" -> record(step).pause()
            "resume" -> record(step).resume()
            "pause_while_syncing" -> pauseWhileSyncing(record(step))
            "resume_while_pausing" -> resumeWhilePausing(record(step))
            "panic" -> when (val place = step.text("in")) {
                "the_core" -> record(step).panicInside()
                "a_view" -> error("${record(step).panicInAView()}")
                else -> error("nothing panics in $place")
            }
            "status" -> mustStand(step)
            "write" -> {
                val view = journal(step) { it.create(request(step.text("body"), who(step))) }
                step.textOrNull("as")?.let { entries[it] = view }
            }
            "write_many" -> journal(step) { journal ->
                repeat(step.number("count")) { number -> journal.create(request("number $number", who(step))) }
            }
            "edit" -> journal(step) { journal ->
                val seen = journal.get(entry(step))
                journal.edit(seen.head.id, seen.head.revision, request(step.text("body"), seen.visibility, seen.at))
            }
            "read" -> journal(step) { it.get(entry(step)) }
            "share" -> changed(step) { it.share(entry(step), who(step)) }
            "withdraw" -> changed(step) { it.withdraw(entry(step)) }
            "delete" -> journal(step) { it.delete(entry(step)) }
            "entries" -> assertEquals(step.texts("bodies"), bodies(step))
            "entries_in_any_order" -> assertEquals(step.texts("bodies"), bodies(step).sorted())
            "only_whole" -> {
                val whole = step.texts("bodies")
                val bodies = bodies(step)
                assertTrue("$bodies", whole.containsAll(bodies))
                assertTrue("$bodies", bodies.containsAll(whole))
            }
            "search" -> {
                val found = journal(step) { it.search(step.text("words"), 10u) }
                assertEquals(step.texts("bodies"), found.map { it.body })
            }
            "delivery" -> mustHaveGot(step)
            "remains" -> {
                val remains = journal(step) { it.whatRemains(entry(step)) }
                assertEquals(step.text("reached"), nameOf(remains.reached))
                assertEquals(step.isSo("is_shared"), remains.isShared)
            }
            "listen" -> ears.getOrPut(step.text("as"), ::Ears).listen(record(step))
            "heard" -> {
                val newest = step.textOrNull("reaches_the_newest_of")?.let { phones.getValue(it).record.sequence() }
                listener(step).waitFor(step.texts("kinds"), newest)
            }
            "cancel" -> listener(step).cancel()
            "unheard" -> listener(step).mustHaveHeardNoMore()
            "in_order" -> listener(step).mustBeInOrder()
            "canceled_writes" -> cancelWrites(step)
            "many_calls" -> repeat(step.number("count")) {
                version()
                journal(step) { it.count(PageRequest(rows = 1u)) }
            }
            "invite_phone" -> {
                val link = record(step).invitePhone().link
                keep(step, buildJsonObject { put("link", link) })
            }
            "confirm_phone" -> confirmPhone(step)
            "reminders" -> mustRemind(record(step), step)
            else -> error("there is no step called $op")
        }
    }

    private fun phone(step: JsonObject): Phone {
        val name = step.text("phone")
        return phones.getOrPut(name) { Phone(folder.resolve(name)) }
    }

    private fun record(step: JsonObject): PhoneRecord = phone(step).record

    private fun listener(step: JsonObject): Ears = ears.getValue(step.text("listener"))

    private fun entry(step: JsonObject): UUID = entries.getValue(step.text("entry")).head.id

    private suspend fun <T> journal(step: JsonObject, work: suspend (Journal) -> T): T =
        record(step).journal().use { work(it) }

    private suspend fun bodies(step: JsonObject): List<String> =
        journal(step) { it.page(PageRequest(rows = 500u)) }.items.map { it.body }

    /** A minute after the one before, so that lists have one order. */
    private fun nextMoment(): LocalMoment {
        written += 1
        return LocalMoment(Instant.ofEpochSecond(1_780_000_000L + written * 60), 60)
    }

    private fun request(body: String, readers: WhoReads, at: LocalMoment = nextMoment()) =
        EntryRequest(body = body, kind = EntryKind.Reflection, visibility = readers, at = at)

    private fun who(step: JsonObject): WhoReads {
        val name = step.text("readers")
        return WhoReads.entries.firstOrNull { nameOf(it) == name } ?: error("nobody is called $name")
    }

    /** Keeps what an entry became, and under another name what it was before. */
    private suspend fun changed(step: JsonObject, change: suspend (Journal) -> EntryView) {
        val name = step.text("entry")
        val before = entries.getValue(name)
        entries[name] = journal(step, change)
        step.textOrNull("before_as")?.let { entries[it] = before }
    }

    private suspend fun askClinic(step: JsonObject) {
        val answer = clinic.ask(step.getValue("do").jsonObject)
        for ((field, wanted) in step.said("answers")?.jsonObject.orEmpty()) {
            assertEquals("$step", wanted, answer[field])
        }
        keep(step, answer)
    }

    private fun keep(step: JsonObject, answer: JsonObject) {
        step.textOrNull("as")?.let { said[it] = answer }
    }

    private suspend fun tellClinic(what: String, vararg more: Pair<String, String>): JsonObject =
        clinic.ask(
            buildJsonObject {
                put("do", what)
                for ((name, value) in more) put(name, value)
            },
        )

    /** A phone that a clinic has let in, both with all that is to be exchanged at the beginning. */
    private suspend fun admit(step: JsonObject) {
        phone(step).open(null)
        val record = record(step)
        val invitation = tellClinic("invite", "name" to step.text("name"))
        record.pair(invitation.text("link"))
        val patient = "patient" to invitation.text("patient")
        tellClinic("words", patient)
        record.sync()
        tellClinic("admit", patient)
        repeat(2) {
            record.sync()
            tellClinic("sync")
        }
        record.sync()
        keep(step, invitation)
    }

    private suspend fun mustStand(step: JsonObject) {
        val status = record(step).status()
        step.textOrNull("pairing")?.let { assertEquals("$step", it, nameOf(status.pairing)) }
        if (step.said("compare_words") != null) {
            assertEquals(step.texts("compare_words"), (status.pairing as PairingStanding.Waiting).compareWords)
        }
        step.numberOrNull("waiting")?.let { assertEquals("$step", it.toULong(), status.waiting) }
        step.isSo("is_waiting")?.let { assertEquals("$step", it, status.waiting > 0u) }
        step.textOrNull("clinic")?.let { assertEquals(it, status.clinic) }
    }

    /** Lets in the first newcomer, who shows the same words. */
    private suspend fun confirmPhone(step: JsonObject) {
        val newcomer = record(step).newcomers().first()
        val other = phones.getValue(step.text("same_words_on")).record.status()
        assertEquals((other.pairing as PairingStanding.Waiting).compareWords, newcomer.compareWords)
        record(step).confirmPhone(newcomer.member)
    }

    private suspend fun mustHaveGot(step: JsonObject) {
        val delivery = journal(step) { it.get(entry(step)) }.head.delivery
        assertEquals("$step", step.text("is"), nameOf(delivery))
        when (delivery) {
            is Delivery.Delivered -> assertEquals(step.text("clinic"), delivery.clinic)
            is Delivery.Opened -> assertEquals(step.text("by"), delivery.by)
            else -> Unit
        }
    }

    /** Begins writes and cancels each at once. */
    private suspend fun cancelWrites(step: JsonObject) = coroutineScope {
        repeat(step.number("count")) {
            val request = request(step.text("body"), WhoReads.ONLY_ME)
            launch(start = CoroutineStart.UNDISPATCHED) { journal(step) { it.create(request) } }.cancel()
        }
    }

    /** Gives the exchange's own error. */
    private suspend fun pauseWhileSyncing(record: PhoneRecord) = coroutineScope {
        val syncing = async(Dispatchers.IO, CoroutineStart.UNDISPATCHED) { runCatching { record.sync() } }
        tellClinic("wait_for_request")
        record.pause()
        syncing.await().getOrThrow()
        Unit
    }

    /** Gives the exchange's own error, which says that the pause has begun. */
    private suspend fun resumeWhilePausing(record: PhoneRecord) = coroutineScope {
        val syncing = async(Dispatchers.IO, CoroutineStart.UNDISPATCHED) { runCatching { record.sync() } }
        tellClinic("wait_for_request")
        val pausing = async(Dispatchers.IO) { record.pause() }
        val synced = syncing.await()
        record.resume()
        pausing.await()
        synced.getOrThrow()
        Unit
    }

    private fun mustBeAsExpected(step: JsonObject, error: CompanionException?) {
        val wanted = step.texts("error")
        if (error == null) {
            assertTrue("$step: no error came", wanted.isEmpty())
            return
        }
        assertTrue("$step: $error", nameOf(error) in wanted)
        step.textOrNull("field")?.let { assertEquals(it, (error as CompanionException.Invalid).field) }
        step.textOrNull("reason")?.let { assertEquals(it, nameOf((error as CompanionException.NotNow).reason)) }
        step.textOrNull("what")?.let { assertEquals(it, nameOf((error as CompanionException.NotFound).what)) }
        step.numberOrNull("found")?.let {
            assertEquals(it.toUInt(), (error as CompanionException.NewerRecord).found)
        }
        step.textOrNull("words_without")?.let { assertFalse("$error", it in error.toString()) }
    }
}
