package org.kapcompanion.core.contract

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.intOrNull

/** What a step says in a field; nothing where it does not say. */
internal fun JsonObject.said(field: String): JsonElement? = this[field].takeUnless { it is JsonNull }

internal fun JsonObject.textOrNull(field: String): String? = (said(field) as? JsonPrimitive)?.contentOrNull

internal fun JsonObject.text(field: String): String = checkNotNull(textOrNull(field)) { "$this has no $field" }

internal fun JsonObject.number(field: String): Int = checkNotNull(numberOrNull(field)) { "$this has no $field" }

internal fun JsonObject.numberOrNull(field: String): Int? = (said(field) as? JsonPrimitive)?.intOrNull

internal fun JsonObject.isSo(field: String): Boolean? = (said(field) as? JsonPrimitive)?.booleanOrNull

/** Several texts, or one. */
internal fun JsonObject.texts(field: String): List<String> = when (val said = said(field)) {
    null -> emptyList()
    is JsonArray -> said.map { (it as JsonPrimitive).content }
    is JsonPrimitive -> listOf(said.content)
    is JsonObject -> error("$this has no texts in $field")
}

/** The same with each text replaced that stands for something else. */
internal fun JsonElement.replaced(by: (String) -> JsonElement?): JsonElement = when (this) {
    is JsonPrimitive -> (if (isString) by(content) else null) ?: this
    is JsonArray -> JsonArray(map { it.replaced(by) })
    is JsonObject -> JsonObject(mapValues { (_, value) -> value.replaced(by) })
}
