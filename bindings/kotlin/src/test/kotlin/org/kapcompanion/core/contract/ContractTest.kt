package org.kapcompanion.core.contract

import java.nio.file.Files
import java.nio.file.Path
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import org.junit.Test
import org.junit.runner.RunWith
import org.junit.runners.Parameterized
import org.kapcompanion.core.running

/**
 * The contract of the boundary, run by Kotlin: the scenarios of `bindings/contract`, which Rust and Swift run as well,
 * against a real server. Each is a test.
 */
@RunWith(Parameterized::class)
class ContractTest(@Suppress("unused") name: String, private val scenario: JsonObject) {
    @Test
    fun scenario() {
        val folder = Files.createTempDirectory("companion-contract")
        try {
            Clinic().use { clinic -> running { Run(folder, clinic).all(scenario.getValue("steps").jsonArray) } }
        } finally {
            folder.toFile().deleteRecursively()
        }
    }

    companion object {
        /** Every scenario that was written: none can be left out here. */
        @JvmStatic
        @Parameterized.Parameters(name = "{0}")
        fun scenarios(): List<Array<Any>> {
            val file = Path.of(System.getProperty("companion.contract"), "scenarios.json")
            val all = Json.parseToJsonElement(Files.readString(file)).jsonObject.getValue("scenarios").jsonArray
            check(all.isNotEmpty()) { "there is no scenario in $file" }
            return all.map { arrayOf(it.jsonObject.text("name"), it.jsonObject) }
        }
    }
}
