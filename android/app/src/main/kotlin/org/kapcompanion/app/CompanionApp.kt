package org.kapcompanion.app

import android.app.Application
import android.content.Context
import java.io.File
import java.time.ZonedDateTime
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import org.kapcompanion.app.attach.Media
import org.kapcompanion.app.attach.RecordingFolder
import org.kapcompanion.app.attach.ToAttach
import org.kapcompanion.app.background.LaterByJob
import org.kapcompanion.app.background.NetworkCostWatch
import org.kapcompanion.app.help.HelpDesk
import org.kapcompanion.app.leaving.Passage
import org.kapcompanion.app.lock.AppLock
import org.kapcompanion.app.lock.LockPreferences
import org.kapcompanion.app.lock.SystemUnlocker
import org.kapcompanion.app.lock.Unlocker
import org.kapcompanion.app.record.AndroidKeyVault
import org.kapcompanion.app.record.AppFront
import org.kapcompanion.app.record.Drafts
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.record.recordFile
import org.kapcompanion.app.reminders.ReminderAlarms
import org.kapcompanion.app.reminders.ReminderFile
import org.kapcompanion.app.reminders.ReminderPlanner
import org.kapcompanion.app.settings.PhoneSettings
import org.kapcompanion.core.AttachmentRequest
import org.kapcompanion.core.EntryKind
import org.kapcompanion.core.EntryRequest
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.WhoReads

/** The process of the app: one record, and whom to call without it. */
class CompanionApp : Application() {
    /** What goes on for as long as the process does. */
    internal val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main.immediate)
    private var opened: RecordDoor? = null

    /** The record. It begins to open when somebody first looks. */
    val door: RecordDoor by lazy {
        val vault = AndroidKeyVault(this)
        RecordDoor(recordFile(this), vault, scope, forgetKey = vault::forget, eraseAll = ::eraseAll)
            .also(::followTheApp)
    }

    /** What goes to the clinic and comes from it. */
    val exchange: Exchange by lazy { Exchange(door, LaterByJob(this), scope) }

    /** What is half written on pages. */
    val drafts: Drafts by lazy { Drafts(scope, door).also { begun = it } }
    private var begun: Drafts? = null

    /** Whom to call, also while the record is locked, damaged or gone. */
    val help: HelpDesk by lazy { HelpDesk(recordFile(this)) }

    /** Where a record passes through in the clear, on its way out or in. */
    val passage: Passage by lazy { Passage(File(noBackupFilesDir, "passage"), contentResolver) }

    /** Done once nothing is left of a passage that the end of the app broke off. */
    val cleared: Job by lazy { scope.launch { passage.clear() } }

    /** What is chosen for this phone. */
    val settings: PhoneSettings by lazy { PhoneSettings(this, scope) }

    /** What this phone reminds of. */
    val reminders: ReminderAlarms by lazy {
        ReminderAlarms(this, ReminderFile(this), scope, clock = { clock() }) { planner.plan(it) }
    }

    /** The clock and the zone that reminders go by. */
    internal var clock: () -> ZonedDateTime = ZonedDateTime::now

    /** What the record says is to be scheduled. */
    internal var planner = ReminderPlanner { request -> door.use { it.reminders(request) } }

    /** Whether the pages are covered until somebody unlocks. */
    val lock: AppLock get() = covers ?: AppLock(LockPreferences(this), scope).also { covers = it }
    private var covers: AppLock? = null

    /** Asks for a finger, a face or the phone's own code. */
    var unlocker: Unlocker = SystemUnlocker()
        internal set

    /** The microphone, the loudspeaker, and whoever writes down what is said. */
    var media: Media = Media.ofThisPhone(this)
        internal set

    /** Where a recording lies while it is made. */
    val recordings: RecordingFolder by lazy { RecordingFolder(this, scope) }

    private val front = AppFront(
        onCame = {
            lock.cameBack()
            opened?.wake()
        },
        onWent = {
            lock.wentAway()
            // Before it sleeps: what is asked for first is done first.
            begun?.keepAll()
            opened?.sleep()
        }
    )

    override fun onCreate() {
        super.onCreate()
        registerActivityLifecycleCallbacks(front)
        cleared.start()
        settings.begin()
    }

    private fun followTheApp(door: RecordDoor) {
        opened = door
        if (front.isInFront) door.wake()
        reminders.follow(door)
        recordings.sweep { found -> door.use { it.keepFound(found) } }
        scope.launch { NetworkCostWatch(this@CompanionApp).tell(door) }
    }

    /** Takes away all that the app keeps in files beside what Android keeps for it; the record's own are closed. */
    private fun eraseAll() = noBackupFilesDir.listFiles().orEmpty().forEach { it.deleteRecursively() }

    /** Forgets who unlocked, as a new process does. */
    internal fun forgetUnlocking() {
        covers = null
    }

    /** Ends with the record and with all that goes on in the background. */
    internal suspend fun end() {
        unregisterActivityLifecycleCallbacks(front)
        opened?.close()
        scope.cancel()
    }
}

/** A recording that could not be kept when it was made, as an entry of its own, for the person alone. */
private suspend fun PhoneRecord.keepFound(found: ToAttach) {
    val entry = EntryRequest(body = "", kind = EntryKind.Reflection, visibility = WhoReads.ONLY_ME, at = now())
    createAttached(entry, AttachmentRequest(found.length, found.mediaType), found.source)
}

/** The app that a context is of. */
val Context.companion: CompanionApp get() = applicationContext as CompanionApp
