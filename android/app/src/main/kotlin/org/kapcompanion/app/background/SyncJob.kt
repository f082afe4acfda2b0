package org.kapcompanion.app.background

import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.app.job.JobService
import android.content.ComponentName
import android.content.Context
import androidx.core.content.getSystemService
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.Later

private const val SYNC = 1
private const val FIRST_WAIT_MS = 30_000L

/**
 * Sends what a person wrote while there was no network: once there is one, and then no more. It is asked for by a
 * person's writing alone; nothing here comes back by itself, so that a phone that lies in a drawer says nothing.
 */
class SyncJob : JobService() {
    private var work: Job? = null

    override fun onStartJob(params: JobParameters): Boolean {
        val app = companion
        work = app.scope.launch {
            val again = app.exchange.catchUp()
            // A change of the clinic's may have come with it.
            app.reminders.plan()
            jobFinished(params, again)
        }
        return true
    }

    /** The network is gone, or the system wants its time back: it is tried once more later. */
    override fun onStopJob(params: JobParameters): Boolean {
        work?.cancel()
        return true
    }
}

/** Asks the system for a [SyncJob]. */
class LaterByJob(private val context: Context) : Later {
    override fun ask() {
        val job = JobInfo.Builder(SYNC, ComponentName(context, SyncJob::class.java))
            .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
            .setBackoffCriteria(FIRST_WAIT_MS, JobInfo.BACKOFF_POLICY_EXPONENTIAL)
            // What was written in the mountains goes out also when the phone was off meanwhile.
            .setPersisted(true)
            .build()
        scheduler().schedule(job)
    }

    override fun forget() = scheduler().cancel(SYNC)

    private fun scheduler(): JobScheduler = checkNotNull(context.getSystemService<JobScheduler>())
}
