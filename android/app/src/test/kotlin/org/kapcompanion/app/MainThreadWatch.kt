package org.kapcompanion.app

import android.os.Looper
import java.io.File
import java.security.Permission
import java.util.concurrent.CopyOnWriteArrayList

/** What the app is written in. Tests run in the folder of the whole project. */
internal val AppSources = File("android/app/src/main/kotlin")

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
        val frames = Throwable().stackTrace
        // A test may look at files as it likes; a stack without a file of the app's is the framework's or a test's.
        val inApp =
            frames.firstOrNull { it.className.startsWith("org.kapcompanion.") && it.fileName in Written } ?: return
        // Where the framework says where a folder is, it makes that folder.
        if (frames.takeWhile { it != inApp }.any { it.methodName in FOLDERS }) return
        found += "$inApp $what $file"
    }

    private companion object {
        val FOLDERS = setOf("getNoBackupFilesDir", "getFilesDir", "getDataDir", "getCacheDir", "getPreferencesDir")

        /** The files that the app is written in. */
        val Written = AppSources.walk().filter { it.extension == "kt" }.map { it.name }.toSet()
    }
}
