package org.kapcompanion.app.guides

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.util.UUID
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.mapNotNull
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.WhileShown
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.GuideMark
import org.kapcompanion.core.GuideView
import org.kapcompanion.core.HelpLineView
import org.kapcompanion.core.PhoneRecord

private const val PLACE = "place"
private const val PART = "part"

/** One guide, open. */
data class OpenGuide(
    val guide: GuideView,
    /** The clinic that hears of ticks; nothing where none does. */
    val hearer: String?,
    /** Whom to call, where the guide has a place for it. */
    val help: List<HelpLineView>
) {
    /** Whether a tick is kept: that takes a clinic, and a guide that is not to be looked up unseen. */
    val keepsTicks: Boolean get() = hearer != null && guide.progressIsKept
}

/** One guide: its words, what is ticked in it, where somebody was, and a voice that reads it. */
@OptIn(ExperimentalCoroutinesApi::class)
class GuideViewModel(
    private val name: String,
    private val session: UUID?,
    private val saved: SavedStateHandle,
    private val door: RecordDoor,
    private val exchange: Exchange,
    voices: (String) -> Voice
) : ViewModel() {
    private val failed = MutableStateFlow<CompanionException?>(null)
    private val turns = Mutex()
    private var voice: Voice? = null

    /** The guide; nothing of one that does not lie before the person any more. */
    val open: StateFlow<Loaded<OpenGuide?>> = door
        .watching { record -> guide(record) }
        .stateIn(viewModelScope, WhileShown, Loaded.NotYet)

    /** How reading aloud stands. */
    val aloud: StateFlow<Aloud> = open
        .mapNotNull { (it as? Loaded.Here)?.value?.guide?.language }
        .distinctUntilChanged()
        .flatMapLatest { language -> voiceOf(voices, language) }
        .stateIn(viewModelScope, WhileShown, Aloud.NoVoice)

    /** Why the last tick was not kept. */
    val problem: StateFlow<CompanionException?> = failed.asStateFlow()

    /** How far down somebody was, 0 to 1. */
    val place: Float get() = saved[PLACE] ?: 0f

    /** The part that was read aloud last. */
    val part: StateFlow<Int> = saved.getStateFlow(PART, 0)

    init {
        mark(GuideMark.Opened)
    }

    /** Remembers how far down somebody is. */
    fun at(place: Float) {
        saved[PLACE] = place
    }

    /** Ticks a task, or takes the tick away. */
    fun tick(task: String, isTicked: Boolean) = mark(if (isTicked) GuideMark.Ticked(task) else GuideMark.Unticked(task))

    /** The person is done with it. */
    fun finish() = mark(GuideMark.Finished)

    /** Reads it aloud from a part on. */
    fun listen(parts: List<String>, from: Int) {
        voice?.read(parts, from.takeIf { it in parts.indices } ?: 0)
    }

    /** Is quiet. */
    fun beQuiet() {
        voice?.stop()
    }

    private fun voiceOf(voices: (String) -> Voice, language: String): Flow<Aloud> = flow {
        val its = voices(language)
        voice = its
        try {
            emitAll(its.aloud.onEach { if (it is Aloud.Reading) saved[PART] = it.part })
        } finally {
            voice = null
            its.close()
        }
    }

    private suspend fun guide(record: PhoneRecord): OpenGuide? {
        val desk = record.guides(languageTag())
        val all = desk.now + desk.next + desk.shelf
        val its = all.find { it.guide == name && it.session == session } ?: return null
        return OpenGuide(its, hearerOf(record), record.helpLines())
    }

    private fun mark(mark: GuideMark) {
        viewModelScope.launch {
            // One after the other: a tick and its taking back must not change places.
            failed.value = turns.withLock {
                try {
                    door.use { it.markGuide(name, session, languageTag(), mark) }
                    exchange.soon()
                    null
                } catch (_: CompanionException.NotPaired) {
                    // Somebody without a clinic reads as well, and nobody has to know.
                    null
                } catch (why: CompanionException) {
                    // That it was opened is no act of theirs: it is told the next time.
                    why.takeUnless { mark is GuideMark.Opened }
                }
            }
        }
    }

    companion object {
        fun factory(name: String, session: UUID?) = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                GuideViewModel(name, session, createSavedStateHandle(), app.door, app.exchange) { language ->
                    PhoneVoice(app, language)
                }
            }
        }
    }
}
