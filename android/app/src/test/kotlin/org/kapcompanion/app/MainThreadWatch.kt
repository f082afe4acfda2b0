package org.kapcompanion.app

import android.os.Looper
import java.io.File
import java.security.Permission
import java.util.concurrent.CopyOnWriteArrayList

/**
 * Sees what the app does with its files on the main thread, in every test with a [Phone]: Java asks a security manager
 * before each file that it opens, looks at, renames or deletes. The core's own files are not Java's, and its calls
 * suspend by themselves: that nothing waits for them on the main thread is [MainThreadTest]'s.
 */
@Suppress("DEPRECATION", "removal")
class MainThreadWatch : SecurityManager() {
    private var folder: File? = null
    private val found = CopyOnWriteArrayList<String>()

    /** What was done, and where in the app. */
    val seen: List<String> get() = found

    /** Watches the files of that app. */
    fun begin(app: CompanionApp) {
        // Asked for once before it counts: the framework makes the folders when they are first asked for.
        folder = app.dataDir
        app.noBackupFilesDir
        System.setSecurityManager(this)
    }

    /** Watches no more. */
    fun end() = System.setSecurityManager(null)

    override fun checkPermission(permission: Permission?) = Unit

    override fun checkPermission(permission: Permission?, context: Any?) = Unit

    override fun checkRead(file: String) = check("reads", file)

    override fun checkWrite(file: String) = check("writes", file)

    override fun checkDelete(file: String) = check("deletes", file)

    private fun check(what: String, file: String) {
        val own = folder ?: return
        if (!file.startsWith(own.path) || Looper.myLooper() != Looper.getMainLooper()) return
        val frames = Throwable().stackTrace.drop(2)
        val inApp = frames.firstOrNull { it.className.startsWith("org.kapcompanion.") } ?: return
        // A test may look at files as it likes, and where the framework says a folder is, it looks for that folder.
        val isOurs = inApp.className.let { it in OWN || OWN.any { own -> it.startsWith("$own$") } } || isTest(inApp)
        if (isOurs || frames.takeWhile { it != inApp }.any { it.methodName in FOLDERS }) return
        found += "$inApp $what $file"
    }

    /** Classes that the tests bring have their files beside this one. */
    private fun isTest(frame: StackTraceElement): Boolean = try {
        val source = Class.forName(frame.className, false, javaClass.classLoader).protectionDomain.codeSource
        source != null && source.location == javaClass.protectionDomain.codeSource?.location
    } catch (_: ClassNotFoundException) {
        false
    }

    private companion object {
        val OWN = setOf(MainThreadWatch::class.java.name)
        val FOLDERS = setOf("getNoBackupFilesDir", "getFilesDir", "getDataDir", "getCacheDir", "getPreferencesDir")
    }
}
