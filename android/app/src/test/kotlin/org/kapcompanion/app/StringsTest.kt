package org.kapcompanion.app

import java.io.File
import javax.xml.parsers.DocumentBuilderFactory
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.w3c.dom.Element

/** What a placeholder is: `%1$s`, `%2$d`. */
private val Placeholder = Regex("""%(\d+\$)?[a-z]""")

/** Every sentence of the app in its second language. */
class StringsTest {
    private val resources =
        File(System.getProperty("companion.contract")).parentFile.parentFile.resolve("android/app/src/main/res")
    private val english = strings("values")
    private val spanish = strings("values-es")

    @Test
    fun `each sentence has its Spanish one, and none is left over`() {
        assertTrue("there are hardly any: ${english.size}", english.size > 200)
        assertEquals("without Spanish", emptySet<String>(), english.keys - spanish.keys)
        assertEquals("without English", emptySet<String>(), spanish.keys - english.keys)
    }

    @Test
    fun `each has the same placeholders, and as many parts`() {
        val wrong = english.keys.intersect(spanish.keys).filter { name ->
            val (one, other) = english.getValue(name) to spanish.getValue(name)
            val isPlural = name.startsWith("plurals/")
            val places = one.flatMap(::places).toSet() != other.flatMap(::places).toSet()
            places || (!isPlural && one.size != other.size)
        }
        assertEquals(emptyList<String>(), wrong)
    }

    @Test
    fun `no sentence is empty, and hardly any is the same in both`() {
        assertEquals(emptyList<String>(), spanish.filterValues { all -> all.any(String::isBlank) }.keys.toList())
        val same = english.filter { (name, words) -> spanish[name] == words && words.any { it.length > 20 } }.keys
        assertEquals(emptySet<String>(), same)
    }

    private fun places(words: String) = Placeholder.findAll(words).map { it.value }.toList()

    /** By kind and name: the words, or all of them where it is a list or a plural. */
    private fun strings(folder: String): Map<String, List<String>> {
        val files = resources.resolve(folder).listFiles().orEmpty().filter { it.extension == "xml" }
        return files.flatMap(::stringsIn).toMap()
    }

    private fun stringsIn(file: File): List<Pair<String, List<String>>> {
        val root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file).documentElement
        val all = List(root.childNodes.length) { root.childNodes.item(it) }.filterIsInstance<Element>()
        return all
            .filter { it.tagName in setOf("string", "plurals", "string-array") }
            .filter { it.getAttribute("translatable") != "false" }
            .map { element ->
                val items = element.getElementsByTagName("item")
                val words = if (items.length == 0) {
                    listOf(element.textContent)
                } else {
                    List(items.length) { items.item(it).textContent }
                }
                "${element.tagName}/${element.getAttribute("name")}" to words
            }
    }
}
