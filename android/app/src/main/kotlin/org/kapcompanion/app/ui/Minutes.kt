package org.kapcompanion.app.ui

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.flow
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.core.PhoneRecord

private const val A_MINUTE_MS = 60_000L

/**
 * Loads something of the record, again after each change, and again each minute: what a session's day offers changes by
 * the passing of time alone. For as long as somebody looks.
 */
@OptIn(ExperimentalCoroutinesApi::class)
fun <T> RecordDoor.watchingTime(load: suspend (PhoneRecord) -> T): Flow<Loaded<T>> =
    minutes().flatMapLatest { watching(load = load) }.distinctUntilChanged()

private fun minutes(): Flow<Unit> = flow {
    while (true) {
        emit(Unit)
        delay(A_MINUTE_MS)
    }
}
