package org.kapcompanion.app

import android.app.Application
import android.content.Context
import androidx.lifecycle.DefaultLifecycleObserver
import androidx.lifecycle.LifecycleObserver
import androidx.lifecycle.LifecycleOwner
import androidx.lifecycle.ProcessLifecycleOwner
import java.io.File
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import org.kapcompanion.app.help.HelpDesk
import org.kapcompanion.app.leaving.Passage
import org.kapcompanion.app.record.AndroidKeyVault
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.record.recordFile
import org.kapcompanion.app.settings.PhoneSettings

/** The process of the app: one record, and whom to call without it. */
class CompanionApp : Application() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main.immediate)
    private var following: LifecycleObserver? = null

    /** The record. It begins to open when somebody first looks. */
    val door: RecordDoor by lazy {
        val vault = AndroidKeyVault(this)
        RecordDoor(recordFile(this), vault, scope, vault::forget).also(::followTheApp)
    }

    /** What goes to the clinic and comes from it. */
    val exchange: Exchange by lazy { Exchange(door, scope) }

    /** Whom to call, also while the record is locked, damaged or gone. */
    val help: HelpDesk by lazy { HelpDesk(recordFile(this)) }

    /** Where a record passes through in the clear, on its way out or in. */
    val passage: Passage by lazy { Passage(File(noBackupFilesDir, "passage"), contentResolver) }

    /** Done once nothing is left of a passage that the end of the app broke off. */
    val cleared: Job by lazy { scope.launch { passage.clear() } }

    /** What is chosen for this phone. */
    val settings: PhoneSettings by lazy { PhoneSettings(this, scope) }

    override fun onCreate() {
        super.onCreate()
        cleared.start()
        settings.begin()
    }

    private fun followTheApp(door: RecordDoor) {
        val observer = object : DefaultLifecycleObserver {
            // The first start comes as soon as this is added: the record is being opened then, and awake.
            private var hasSlept = false

            override fun onStart(owner: LifecycleOwner) {
                if (hasSlept) door.wake()
            }

            override fun onStop(owner: LifecycleOwner) {
                hasSlept = true
                door.sleep()
            }
        }
        ProcessLifecycleOwner.get().lifecycle.addObserver(observer)
        following = observer
    }

    /** Ends with the record and with all that goes on in the background. */
    internal suspend fun end() {
        following?.let { ProcessLifecycleOwner.get().lifecycle.removeObserver(it) }
        if (following != null) door.close()
        scope.cancel()
    }
}

/** The app that a context is of. */
val Context.companion: CompanionApp get() = applicationContext as CompanionApp
