package org.kapcompanion.core.contract

import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject

/** The process that plays the clinic, with a server of its own; it ends with this. */
internal class Clinic : AutoCloseable {
    private val process: Process =
        ProcessBuilder(Path.of(System.getProperty("companion.programs"), "contract-clinic").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
    private val to = process.outputWriter()
    private val from = process.inputReader()

    /** Tells it to do something, and gives its answer. */
    suspend fun ask(what: JsonObject): JsonObject = withContext(Dispatchers.IO) {
        to.write("$what\n")
        to.flush()
        val line = checkNotNull(from.readLine()) { "the clinic ended at $what" }
        val answer = Json.parseToJsonElement(line).jsonObject
        check(answer.said("error") == null) { "$what: $answer" }
        answer
    }

    override fun close() {
        to.close()
        if (!process.waitFor(1, TimeUnit.MINUTES)) process.destroyForcibly()
    }
}
