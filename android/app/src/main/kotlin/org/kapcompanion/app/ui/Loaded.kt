package org.kapcompanion.app.ui

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.map
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.watching

/** What a page shows of the record. */
sealed interface Loaded<out T> {
    /** It is being read. */
    data object NotYet : Loaded<Nothing>

    /** This is it. */
    data class Here<T>(val value: T) : Loaded<T>

    /** It can't be read. */
    data class Problem(val why: CompanionException) : Loaded<Nothing>
}

/** Loads something as soon as the record is open, and again after each change of these kinds. */
@OptIn(ExperimentalCoroutinesApi::class)
fun <T> RecordDoor.watching(kinds: Set<String> = emptySet(), load: suspend (PhoneRecord) -> T): Flow<Loaded<T>> =
    records.flatMapLatest { open ->
        open.record.watching(kinds, load)
            .map<T, Loaded<T>> { Loaded.Here(it) }
            .catch { why -> emit(Loaded.Problem(why as? CompanionException ?: throw why)) }
    }

/**
 * As long as somebody looks, and a moment longer: through a rotation. Whoever comes back later has it read anew, also
 * after a problem.
 */
val WhileShown: SharingStarted = SharingStarted.WhileSubscribed(stopTimeoutMillis = 5_000)
