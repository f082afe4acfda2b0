package org.kapcompanion.core

import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext

/**
 * Opens the record without a log, and trusting whom the core finds to be trusted: not on Android. See the function of
 * the same name.
 *
 * @throws CompanionException as that.
 */
public suspend fun openRecord(request: OpenRequest, vault: KeyVault): PhoneRecord = openRecord(request, vault, null)

/**
 * Opens the record, does something with it, and closes its files again, whatever happens: for work in the background
 * (a sync by WorkManager, say) while no screen has it open. An app with a screen keeps one record open instead.
 *
 * @throws CompanionException as [openRecord], and what [work] throws.
 */
public suspend fun <T> withRecord(
    request: OpenRequest,
    vault: KeyVault,
    log: EventLog? = null,
    trust: CertificateTrust? = null,
    work: suspend (PhoneRecord) -> T,
): T {
    val record = openRecord(request, vault, log, trust)
    try {
        return work(record)
    } finally {
        record.closeFiles()
    }
}

/**
 * Ends with this record: finishes what is being written, closes the files, and lets go of the memory. Done to its end
 * also in a canceled coroutine. `close()` alone leaves the files open for as long as one of the record's lists is held
 * somewhere; here those give [CompanionException.Paused] from now on.
 */
public suspend fun PhoneRecord.closeFiles() {
    withContext(NonCancellable) {
        try {
            pause()
        } finally {
            close()
        }
    }
}
