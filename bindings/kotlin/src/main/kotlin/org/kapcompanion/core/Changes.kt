package org.kapcompanion.core

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.transform

/**
 * Hears of changes: the present state first (it names no kinds), then each change in its order. It goes on after a
 * pause, and ends when its collector does.
 *
 * A collector that is slower than the changes misses none: those that wait for it become one, which names all their
 * kinds. Changes of the record and those of the phone's standing alone (which name no kinds) stay apart.
 */
public fun PhoneRecord.changes(): Flow<RecordChange> = flow {
    val waiting = WaitingChanges()
    val arrived = Channel<Unit>(Channel.CONFLATED)
    val listener = object : ChangeListener {
        // On a thread of the core's, which waits for nobody here.
        override fun onChange(change: RecordChange) {
            waiting.add(change)
            arrived.trySend(Unit)
        }
    }
    val subscription = listen(listener)
    try {
        for (signal in arrived) {
            while (true) {
                emit(waiting.take() ?: break)
            }
        }
    } finally {
        try {
            subscription.cancel()
        } finally {
            subscription.close()
        }
    }
}

/**
 * Loads something of the record, and again after each change, for as long as it is collected: the first value as soon
 * as it is loaded, then each one that differs. While one is being loaded, changes wait: the next is loaded once, after
 * all of them.
 *
 * With [kinds] (as `kind()` of a list names them) only changes of those count, and those of the phone's standing: what
 * is paired, how far something got. Nothing is loaded while the app is paused; what stands afterwards is. After a fault
 * inside, and where another process holds the file, it is loaded once more.
 *
 * ```
 * record.watching(setOf("entry")) { it.journal().page(PageRequest()) }
 * ```
 *
 * @throws CompanionException what [load] throws, but for [CompanionException.Paused]: collect it with a `catch`.
 */
public fun <T> PhoneRecord.watching(
    kinds: Set<String> = emptySet(),
    load: suspend (PhoneRecord) -> T,
): Flow<T> = changes().loading(kinds) { load(this) }

/** The flow behind [watching], of any changes. */
internal fun <T> Flow<RecordChange>.loading(kinds: Set<String>, load: suspend () -> T): Flow<T> =
    filter { change -> kinds.isEmpty() || change.kinds.isEmpty() || change.kinds.any(kinds::contains) }
        .transform { whileAwake(load)?.let { loaded -> emit(loaded) } }
        .distinctUntilChanged()
        .map { loaded -> loaded.value }

/** What was loaded, which may be null. */
internal data class Loaded<T>(val value: T)

private suspend fun <T> whileAwake(load: suspend () -> T): Loaded<T>? =
    try {
        Loaded(onceMoreAfterAFault(load))
    } catch (_: CompanionException.Paused) {
        null
    }

/** After a fault the record is opened anew by the next call, and who is in the way for one moment is gone in the next. */
private suspend fun <T> onceMoreAfterAFault(load: suspend () -> T): T =
    try {
        load()
    } catch (_: CompanionException.Internal) {
        load()
    } catch (_: CompanionException.InUse) {
        load()
    }
