package org.kapcompanion.app.ui

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.PhoneRecord

/** Changes the record for a page, one thing at a time, sends what was changed, and says how the last one went. */
class Acts(private val scope: CoroutineScope, private val door: RecordDoor, private val exchange: Exchange) {
    private val progress = MutableStateFlow<Saving>(Saving.Not)

    /** How the last one goes or went. */
    val saving: StateFlow<Saving> = progress.asStateFlow()

    /** Does it, unless another one goes on; [then] once it is in the record. What was typed is forgotten there alone. */
    fun begin(then: () -> Unit = {}, work: suspend (PhoneRecord) -> Unit) {
        if (progress.value is Saving.Now) return
        progress.value = Saving.Now
        scope.launch {
            progress.value = try {
                door.use(work)
                then()
                exchange.soon()
                Saving.Done
            } catch (why: CompanionException) {
                Saving.Failed(why)
            }
        }
    }

    /** Somebody saw how it went. */
    fun seen() {
        progress.value = Saving.Not
    }
}
