package org.kapcompanion.app

import java.io.BufferedReader
import java.nio.file.Path
import java.time.Duration
import java.time.Instant
import java.util.concurrent.TimeUnit
import org.json.JSONObject
import org.junit.rules.ExternalResource

/** A session that the clinic planned, and when to look ahead to it. */
data class PlannedSession(val at: Instant, val before: Instant)

/** A clinic with a real `sync-server`, in processes of their own (`bindings/contract`); they end with this. */
class Clinic : ExternalResource() {
    private lateinit var process: Process
    private lateinit var answers: BufferedReader
    private var patient = ""

    override fun before() {
        process = ProcessBuilder(Path.of(System.getProperty("companion.programs"), "contract-clinic").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
        answers = process.inputStream.bufferedReader()
    }

    override fun after() = end()

    /** Ends both: from now on nobody answers. */
    fun end() {
        process.outputStream.close()
        if (!process.waitFor(1, TimeUnit.MINUTES)) process.destroyForcibly()
    }

    private fun ask(what: JSONObject): JSONObject {
        process.outputStream.write("$what\n".toByteArray())
        process.outputStream.flush()
        val line = checkNotNull(answers.readLine()) { "the clinic ended at $what" }
        val answer = JSONObject(line)
        check(!answer.has("error")) { "$what: $answer" }
        return answer
    }

    /** A link for somebody new. */
    fun invite(name: String): String {
        val invited = ask(JSONObject().put("do", "invite").put("name", name))
        patient = invited.getString("patient")
        return invited.getString("link")
    }

    /** The words that it sees of the phone that joined; nothing as long as none has. */
    fun words(): List<String>? = try {
        val words = ask(about("words")).getJSONArray("words")
        List(words.length(), words::getString)
    } catch (_: IllegalStateException) {
        null
    }

    /** Lets the phone in. */
    fun admit() {
        ask(about("admit"))
    }

    /** Its people look at the record: one of them in an emergency. */
    fun look() {
        ask(about("look"))
    }

    /** Asks to be allowed to tell somebody outside something. */
    fun askForRelease() {
        ask(about("ask_for_release"))
    }

    /** How what was allowed stands, as it sees it. */
    fun releases(): List<String> {
        val standings = ask(about("releases")).getJSONArray("standings")
        return List(standings.length(), standings::getString)
    }

    /** What the care team can read. */
    fun bodies(): List<String> {
        val bodies = ask(about("entries")).getJSONArray("bodies")
        return List(bodies.length(), bodies::getString)
    }

    /** Plans a session that begins so many minutes from now, at noon by its own clock. */
    fun planSession(inMinutes: Int, place: String) {
        ask(about("plan_session").put("in_minutes", inMinutes).put("place", place))
    }

    /** Gives the patient a guide, due as the core writes it: `S-1` is the day before a session. */
    fun assignGuide(guide: String, due: String) {
        ask(about("assign_guide").put("guide", guide).put("due", due))
    }

    /** Writes a rule of its own into the guides: `eating-and-drinking`. */
    fun writeRule(slot: String, words: String) {
        ask(JSONObject().put("do", "write_rule").put("slot", slot).put("words", words))
    }

    /** Answers the entry that says this. */
    fun reply(about: String, body: String) {
        ask(about("reply").put("about", about).put("body", body))
    }

    /** Turns its clock so far ahead of the device's. */
    fun turnClock(ahead: Duration) {
        ask(JSONObject().put("do", "turn_clock").put("ahead_ms", ahead.toMillis()))
    }

    /** Says who reads what arrives, and when. */
    fun setReadingHours() {
        ask(about("set_reading_hours"))
    }

    /** Says that the assessment came to "ready". */
    fun sayReady() {
        ask(about("say_ready"))
    }

    /** Writes down what a session costs, and goes through it with the patient. */
    fun writeCosts() {
        ask(about("write_costs"))
    }

    /** Who acknowledged the costs; nothing as long as nobody did. */
    fun costsAcknowledgedBy(): String? = ask(about("costs_acknowledged")).opt("by") as? String

    /** The answers to questionnaires that it can read: of each its name, and what was given to each question. */
    fun answers(): List<Pair<String, Map<String, Any>>> {
        val all = ask(about("answers")).getJSONArray("responses")
        return List(all.length()) { index ->
            val one = all.getJSONObject(index)
            val given = one.getJSONObject("answers")
            one.getString("measure") to given.keys().asSequence().associateWith { given.get(it) }
        }
    }

    /** What is ticked in guides. */
    fun ticks(): List<String> = words(about("ticks"), "ticked")

    /** Lines of the safety plan that it can read. */
    fun safetyLines(): List<String> = words(about("safety_lines"), "lines")

    /** What it can read of what was written for the assessment. */
    fun assessmentTexts(): List<String> = words(about("assessment_texts"), "texts")

    /** What stands on the list of medicines. */
    fun medicines(): List<String> = words(about("medicines"), "names")

    private fun words(what: JSONObject, field: String): List<String> {
        val all = ask(what).getJSONArray(field)
        return List(all.length(), all::getString)
    }

    /** Plans a session for soon after the clocks of a zone are changed: when it is, and a moment some days before. */
    fun planAfterClockChange(zone: String): PlannedSession {
        val planned = ask(about("plan_session_after_clock_change").put("zone", zone))
        return PlannedSession(
            Instant.ofEpochMilli(planned.getLong("session_ms")),
            Instant.ofEpochMilli(planned.getLong("now_ms"))
        )
    }

    /** From now on the server answers nobody, and nobody is told so. */
    fun holdServer() {
        ask(JSONObject().put("do", "hold_server"))
    }

    /** It answers again. */
    fun letGoOfServer() {
        ask(JSONObject().put("do", "let_go_of_server"))
    }

    private fun about(what: String) = JSONObject().put("do", what).put("patient", patient)
}
