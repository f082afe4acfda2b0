package org.kapcompanion.app.measures

import androidx.lifecycle.SavedStateHandle
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.createSavedStateHandle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.util.UUID
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import org.kapcompanion.app.companion
import org.kapcompanion.app.help.Readership
import org.kapcompanion.app.help.readershipOf
import org.kapcompanion.app.record.Exchange
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.app.ui.WhileShown
import org.kapcompanion.app.ui.sharingOf
import org.kapcompanion.app.ui.watching
import org.kapcompanion.core.AnswerGiven
import org.kapcompanion.core.AnswerState
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.HelpLineView
import org.kapcompanion.core.MeasureStepView
import org.kapcompanion.core.MeasureView
import org.kapcompanion.core.PhoneRecord
import org.kapcompanion.core.QuestionPart
import org.kapcompanion.core.QuestionView
import org.kapcompanion.core.RemainsView
import org.kapcompanion.core.ResponseView
import org.kapcompanion.core.WhoReads

private const val RESPONSE = "response"
private const val QUESTION = "question"
private const val READERS = "readers"

/** The place after the last question: all answers, to look at again. */
private const val REVIEW = 0

private fun Answering.place(): Int = question?.number?.toInt() ?: Int.MAX_VALUE

/** What the record says of one that was begun or finished. */
data class Sheet(
    val measure: MeasureView,
    val response: ResponseView,
    /** The question that the record would ask next; nothing once all were reached. */
    val next: QuestionView?,
    /** Why nothing can be answered now, as a sentence; nothing where it can. */
    val notNow: String?,
    val sharing: Sharing,
    /** Whom to call, should an answer tell of harm. */
    val help: List<HelpLineView>,
    val readership: Readership,
    /** What stays where once it is taken back or deleted. */
    val remains: RemainsView
) {
    /** Whether the person said that this is all. */
    val isFinished: Boolean get() = response.finishedAt != null

    /** Whether an answer tells of thoughts of death or harm: then help is shown at once. */
    val tellsOfHarm: Boolean
        get() {
            val number = measure.harmQuestion ?: return false
            return when (val state = stateOf(number)) {
                is AnswerState.Answered -> state.points > 0u

                // What can't be told for certain is met as if it did.
                is AnswerState.Apart, is AnswerState.Unreadable -> true

                is AnswerState.Open, is AnswerState.Skipped -> false
            }
        }

    /** How one question stands. */
    fun stateOf(number: UByte): AnswerState = response.items.find { it.number == number }?.state ?: AnswerState.Open

    /** The questions that this person is asked: one that asks only of problems is left out where there are none. */
    fun asked(): List<QuestionView> = measure.questions.filter {
        it.part != QuestionPart.BESIDE_IF_ANY_PROBLEM ||
            it.number == next?.number ||
            stateOf(it.number) !is AnswerState.Open
    }
}

/** One questionnaire that is being answered, or was. */
data class Answering(
    val sheet: Sheet,
    /** The question that is shown; nothing where the answers are looked at again. */
    val question: QuestionView?
)

/** One questionnaire, question by question. Each answer is in the record as soon as it is given. */
@OptIn(ExperimentalCoroutinesApi::class)
class MeasureViewModel(
    response: UUID,
    private val saved: SavedStateHandle,
    private val door: RecordDoor,
    private val exchange: Exchange
) : ViewModel() {
    private val progress = MutableStateFlow<Saving>(Saving.Not)
    private val turns = Mutex()

    // Sharing and taking back make another document of it.
    private val ids: StateFlow<UUID> = saved.getStateFlow(RESPONSE, response)

    /** What to show; nothing once it is gone. */
    val answering: StateFlow<Loaded<Answering?>> = combine(
        ids.flatMapLatest { id -> door.watching { record -> sheet(record, id) } },
        saved.getStateFlow<Int?>(QUESTION, null),
        ::placed
    ).stateIn(viewModelScope, WhileShown, Loaded.NotYet)

    /** Who may read the answers once they are finished. */
    val readers: StateFlow<WhoReads> = saved.getStateFlow(READERS, WhoReads.ONLY_ME)

    /** How saving goes. */
    val saving: StateFlow<Saving> = progress.asStateFlow()

    /** Chooses an answer. */
    fun answer(points: UByte) = act { record -> give(record, AnswerGiven.Chosen(points)) }

    /** Leaves the question out, and goes on. It never counts as 0. */
    fun skip() = act { record ->
        val step = give(record, AnswerGiven.Skipped)
        if (step != null) goOn(step.next)
    }

    /** Goes to the next question, or to the answers after the last. */
    fun next() = goOn(shown?.sheet?.next)

    /** Goes to the question before. */
    fun before() {
        val now = shown ?: return
        saved[QUESTION] = now.sheet.asked().map { it.number.toInt() }.lastOrNull { it < now.place() } ?: return
    }

    /** Goes to one question. */
    fun ask(question: UByte) {
        saved[QUESTION] = question.toInt()
    }

    /** Chooses who may read the answers. */
    fun letRead(readers: WhoReads) {
        saved[READERS] = readers
    }

    /** Says that this is all, and shares it where that was chosen. */
    fun finish() = act { record ->
        record.finishMeasure(ids.value)
        if (shown?.sheet?.sharing == Sharing.OFFERED && readers.value != WhoReads.ONLY_ME) shareIt(record)
        exchange.soon()
    }

    /** Shares what is finished. */
    fun share() = act { record ->
        shareIt(record)
        exchange.soon()
    }

    /** Makes it private again. */
    fun takeBack() = act { record ->
        saved[RESPONSE] = record.responses().use { it.withdraw(ids.value) }.head.id
        saved[READERS] = WhoReads.ONLY_ME
        exchange.soon()
    }

    /** Deletes it. */
    fun delete() = act { record ->
        record.responses().use { it.delete(ids.value) }
        exchange.soon()
    }

    private val shown: Answering? get() = (answering.value as? Loaded.Here)?.value

    private suspend fun shareIt(record: PhoneRecord) {
        saved[RESPONSE] = record.responses().use { it.share(ids.value, readers.value) }.head.id
    }

    private suspend fun sheet(record: PhoneRecord, id: UUID): Sheet? {
        val response = try {
            record.responses().use { it.get(id) }
        } catch (_: CompanionException.NotFound) {
            return null
        } catch (_: CompanionException.NotNow) {
            // Deleted, or on the way to become another document.
            return null
        }
        val measure = record.measures().find { it.measure.measure == response.measure }?.measure ?: return null
        var next: QuestionView? = null
        var notNow: String? = null
        if (response.finishedAt == null) {
            try {
                next = record.resumeMeasure(id).next
            } catch (why: CompanionException.NotNow) {
                notNow = why.words
            }
        }
        val remains = record.responses().use { it.whatRemains(id) }
        return Sheet(
            measure,
            response,
            next,
            notNow,
            sharingOf(record),
            record.helpLines(),
            readershipOf(record),
            remains
        )
    }

    /** The question where somebody is: kept as soon as it is shown, so that the same one stands there later. */
    private fun placed(loaded: Loaded<Sheet?>, at: Int?): Loaded<Answering?> = when (loaded) {
        is Loaded.NotYet -> loaded

        is Loaded.Problem -> loaded

        is Loaded.Here -> {
            val sheet = loaded.value
            val place = at ?: sheet?.next?.number?.toInt() ?: REVIEW
            if (at == null && sheet != null) saved[QUESTION] = place
            Loaded.Here(sheet?.let { Answering(it, it.measure.questions.find { one -> one.number.toInt() == place }) })
        }
    }

    private suspend fun give(record: PhoneRecord, given: AnswerGiven): MeasureStepView? {
        val question = shown?.question ?: return null
        return record.answerItem(ids.value, question.number, given)
    }

    private fun goOn(next: QuestionView?) {
        val now = shown ?: return
        val asked = now.sheet.copy(next = next).asked().map { it.number.toInt() }
        saved[QUESTION] = asked.firstOrNull { it > now.place() } ?: REVIEW
    }

    private fun act(work: suspend (PhoneRecord) -> Unit) {
        progress.value = Saving.Now
        viewModelScope.launch {
            // In the order in which they were tapped: the last answer to a question is the one that stands.
            progress.value = turns.withLock {
                try {
                    door.use(work)
                    Saving.Done
                } catch (why: CompanionException) {
                    Saving.Failed(why)
                }
            }
        }
    }

    companion object {
        fun factory(response: UUID) = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                MeasureViewModel(response, createSavedStateHandle(), app.door, app.exchange)
            }
        }
    }
}
