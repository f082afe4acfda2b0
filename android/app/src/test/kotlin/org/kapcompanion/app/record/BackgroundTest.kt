package org.kapcompanion.app.record

import android.app.job.JobInfo
import android.app.job.JobScheduler
import androidx.core.content.getSystemService
import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.kapcompanion.app.Clinic
import org.kapcompanion.app.CompanionApp
import org.kapcompanion.app.FakeAndroidKeyStore
import org.kapcompanion.app.Phone
import org.kapcompanion.app.background.LaterByJob
import org.kapcompanion.app.doing
import org.kapcompanion.app.pairWith
import org.kapcompanion.app.waitUntil
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.EntryKind
import org.kapcompanion.core.EntryRequest
import org.kapcompanion.core.EntryView
import org.kapcompanion.core.PageRequest
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.WhoReads

/** What goes on while the app comes and goes, against a real `sync-server` and a clinic. */
@RunWith(AndroidJUnit4::class)
class BackgroundTest {
    private val phone = Phone()
    private val clinic = Clinic()

    @get:Rule val rules: RuleChain = RuleChain.outerRule(clinic).around(phone)

    private val app: CompanionApp = ApplicationProvider.getApplicationContext()

    private fun jobs(): List<JobInfo> = checkNotNull(app.getSystemService<JobScheduler>()).allPendingJobs

    private suspend fun write(record: PhoneRecord, body: String, who: WhoReads = WhoReads.CARE_TEAM): EntryView {
        val request = EntryRequest(body = body, kind = EntryKind.Reflection, visibility = who, at = record.now())
        return record.journal().use { it.create(request) }
    }

    private fun isAsleep(): Boolean = app.doing {
        try {
            app.door.record().status()
            false
        } catch (_: CompanionException.Paused) {
            true
        }
    }

    @Test
    fun `what is written while the server does not answer goes out later, by one job that waits for a network`() {
        app.pairWith(clinic)
        clinic.holdServer()
        app.doing { app.door.use { write(it, "Written in a tunnel") } }
        app.exchange.soon()
        // The app goes to rest while the exchange hangs.
        app.door.sleep()
        waitUntil { jobs().isNotEmpty() }
        val job = jobs().single()
        assertNotNull(job.requiredNetwork)
        assertFalse(job.isPeriodic)
        assertTrue(job.isPersisted)
        assertEquals(JobInfo.BACKOFF_POLICY_EXPONENTIAL, job.backoffPolicy)
        assertTrue(job.extras.isEmpty)

        clinic.letGoOfServer()
        assertFalse("it asks for no other try", app.doing { app.exchange.catchUp() })
        assertEquals(listOf("Written in a tunnel"), clinic.bodies())
        waitUntil { isAsleep() }
    }

    @Test
    fun `a job that finds no server asks for another try, and what is sent well takes it back`() {
        app.pairWith(clinic)
        app.doing { app.door.use { write(it, "Written in the mountains") } }
        clinic.end()
        app.exchange.soon()
        waitUntil { jobs().isNotEmpty() }
        assertTrue(app.doing { app.exchange.catchUp() })
    }

    @Test
    fun `once it was sent, no job waits`() {
        app.door.wake()
        app.pairWith(clinic)
        LaterByJob(app).ask()
        app.exchange.soon()
        waitUntil { jobs().isEmpty() }
        assertEquals(Reached.Server, app.exchange.reached.value)
    }

    @Test
    fun `where nobody is paired no server is asked, and nothing of the system`() {
        app.exchange.soon()
        assertFalse(app.doing { app.exchange.catchUp() })
        app.door.sleep()
        waitUntil { isAsleep() }
        assertEquals(emptyList<JobInfo>(), jobs())
    }

    @Test
    fun `a save that began as the app went to rest is done to its end, and then the record rests`() {
        val begun = CompletableDeferred<Unit>()
        val goesOn = CompletableDeferred<Unit>()
        app.door.wake()
        val saving = app.scope.async {
            app.door.use { record ->
                begun.complete(Unit)
                goesOn.await()
                write(record, "On the way out", WhoReads.ONLY_ME)
            }
        }
        waitUntil { begun.isCompleted }
        app.door.sleep()
        assertFalse("somebody still uses it", isAsleep())
        goesOn.complete(Unit)
        waitUntil { saving.isCompleted }
        assertEquals("On the way out", app.doing { saving.await() }.body)
        waitUntil { isAsleep() }
        app.door.wake()
        val kept = app.doing { app.door.use { record -> record.journal().use { it.page(PageRequest()) } } }
        assertEquals(listOf("On the way out"), kept.items.map { it.body })
    }

    @Test
    fun `a save that begins while the app rests wakes the record, and is kept`() {
        app.door.wake()
        app.doing { app.door.record() }
        app.door.sleep()
        waitUntil { isAsleep() }
        app.doing { app.door.use { record -> record.status() } }
        waitUntil { isAsleep() }
    }

    @Test
    fun `a restored record without its key is told so, and nothing is overwritten`() {
        app.doing { app.door.use { it.status() } }
        app.doing { app.door.close() }
        FakeAndroidKeyStore.loseKeys()
        val folder = recordFolder(app)
        // What SQLite keeps beside the record goes as the last of its files is closed.
        waitUntil { folder.list().orEmpty().none { it.endsWith("-wal") } }
        val before = folder.walk().filter { it.isFile }.associate { it.name to it.readBytes().toList() }
        val restored = RecordDoor(recordFile(app), AndroidKeyVault(app), app.scope)
        assertThrows(CompanionException.VaultFailed::class.java) { app.doing { restored.use { it.status() } } }
        val shut = restored.door.value as Door.Shut
        assertTrue("${shut.why}", shut.isKeyGone)
        val after = folder.walk().filter { it.isFile }.associate { it.name to it.readBytes().toList() }
        assertEquals(before.keys, after.keys)
        for ((name, bytes) in before) assertEquals(name, bytes, after[name])

        restored.setAside()
        app.doing { restored.use { it.status() } }
        val aside = folder.resolveSibling("${folder.name}-1").walk().filter { it.isFile }
        assertEquals(before, aside.associate { it.name to it.readBytes().toList() })
        app.doing { restored.close() }
    }
}
