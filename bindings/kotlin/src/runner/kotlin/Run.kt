// Runs every test among compiled classes, and closes as the Rust test programs do: `cargo xtask test kotlin` counts
// that line. Gradle has a runner of its own and leaves this one out.

import java.io.File
import kotlin.system.exitProcess
import org.junit.Ignore
import org.junit.Test
import org.junit.runner.Description
import org.junit.runner.JUnitCore
import org.junit.runner.Request
import org.junit.runner.manipulation.Filter
import org.junit.runner.notification.Failure
import org.junit.runner.notification.RunListener

/** The folder of the compiled tests; then words: only tests whose name or class holds one of them are run. */
fun main(arguments: Array<String>) {
    val words = arguments.drop(1)
    val teller = Teller()
    val runner = JUnitCore()
    runner.addListener(teller)
    for (tests in testClasses(File(arguments.first()))) {
        val request = Request.aClass(tests)
        when {
            words.isEmpty() -> runner.run(request)
            Named(words).shouldRun(request.runner.description) -> runner.run(request.filterWith(Named(words)))
        }
    }
    val outcome = if (teller.failed == 0) "ok" else "FAILED"
    println("test result: $outcome. ${teller.passed} passed; ${teller.failed} failed; ${teller.ignored} ignored")
    // Threads of the library under test do not keep this process.
    exitProcess(if (teller.failed == 0 && teller.passed > 0) 0 else 1)
}

/** Every class with a test in it, found by looking: none has to be named to be run. */
private fun testClasses(folder: File): List<Class<*>> =
    folder.walk().filter { it.extension == "class" }
        .map { it.relativeTo(folder).path.removeSuffix(".class").replace(File.separatorChar, '.') }
        .map { Class.forName(it, false, Teller::class.java.classLoader) }
        // Its own methods: those that it has from Android's classes carry annotations that nothing here can read.
        .filter { found -> found.declaredMethods.any { it.isAnnotationPresent(Test::class.java) } }
        .sortedBy { it.name }
        .toList()

private class Named(private val words: List<String>) : Filter() {
    override fun shouldRun(description: Description): Boolean =
        if (description.isTest) words.any(description.displayName::contains) else description.children.any(::shouldRun)

    override fun describe() = "named $words"
}

/** Lines of a stack that tell a person where something is. */
private const val FRAMES = 8

/** Characters of a message that a person reads. */
private const val CHARACTERS = 2_000

private class Teller : RunListener() {
    var passed = 0
    var failed = 0
    var ignored = 0
    private var failure: Failure? = null
    private var began = 0L

    override fun testStarted(description: Description) {
        failure = null
        began = System.nanoTime()
    }

    override fun testFailure(found: Failure) {
        failure = found
        // What fails outside of a test (the class itself) is never started or finished.
        if (!found.description.isTest) finished("FAILED", found.description).also { failed += 1 }
    }

    override fun testAssumptionFailure(found: Failure) = testFailure(found)

    override fun testFinished(description: Description) {
        if (failure == null) passed += 1 else failed += 1
        finished(if (failure == null) "ok" else "FAILED", description)
    }

    override fun testIgnored(description: Description) {
        ignored += 1
        val reason = description.getAnnotation(Ignore::class.java)?.value.orEmpty()
        println("test ${name(description)} ... ignored, $reason")
    }

    private fun finished(how: String, description: Description) {
        val took = (System.nanoTime() - began) / 1_000_000
        println("test ${name(description)} ... $how ($took ms)")
        // What a coroutine throws is copied for whoever waits for it, with the first as its cause.
        generateSequence(failure?.exception) { it.cause }.distinctBy { "$it" }.forEach(::tell)
    }

    /** What was thrown, and where in our own code. */
    private fun tell(thrown: Throwable) {
        println("    ${thrown.toString().take(CHARACTERS)}")
        val ours = thrown.stackTrace.filter { it.className.startsWith("org.kapcompanion") }
        ours.take(FRAMES).forEach { println("        at $it") }
    }

    private fun name(description: Description) =
        listOfNotNull(description.testClass?.simpleName, description.methodName).joinToString(".")
}
