package org.kapcompanion.app

import java.io.BufferedReader
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import org.json.JSONObject
import org.junit.rules.ExternalResource

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

    /** What the care team can read. */
    fun bodies(): List<String> {
        val bodies = ask(about("entries")).getJSONArray("bodies")
        return List(bodies.length(), bodies::getString)
    }

    private fun about(what: String) = JSONObject().put("do", what).put("patient", patient)
}
