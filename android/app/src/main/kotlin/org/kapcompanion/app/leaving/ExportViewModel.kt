package org.kapcompanion.app.leaving

import android.net.Uri
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider.AndroidViewModelFactory.Companion.APPLICATION_KEY
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import java.io.File
import java.io.IOException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.ExportView
import org.kapcompanion.core.LocalMoment
import org.kapcompanion.core.ProgressListener
import org.kapcompanion.core.toLocalDateTime

/** Why a folder can't be used. */
enum class FolderTrouble { FULL, FAILED, NO_PICKER }

/** How far taking the record along got. */
sealed interface Exporting {
    /** Nothing was begun, or it was stopped. */
    data class Not(val wasStopped: Boolean = false) : Exporting

    /** So many of so many files are written; nothing as long as that is not known. */
    data class Now(val done: Int = 0, val of: Int = 0) : Exporting

    /** It is in the folder. */
    data class Done(val export: ExportView, val folder: String) : Exporting

    /** It is not, in the core's words. */
    data class Failed(val why: CompanionException) : Exporting

    /** It is not, since the folder can't take it. */
    data class FolderFailed(val trouble: FolderTrouble) : Exporting
}

/** Takes everything along, into a folder that the person picks. It goes on while the person looks at other pages. */
class ExportViewModel(private val door: RecordDoor, private val passage: Passage, private val cleared: Job) :
    ViewModel() {
    private val progress = MutableStateFlow<Exporting>(Exporting.Not())
    private var work: Job? = null

    /** How far it got. */
    val exporting: StateFlow<Exporting> = progress.asStateFlow()

    /** Begins, into a new folder inside of the one that was picked. */
    fun begin(tree: Uri) {
        if (progress.value is Exporting.Now) return
        progress.value = Exporting.Now()
        work = viewModelScope.launch {
            cleared.join()
            progress.value = try {
                export(tree)
            } catch (_: CompanionException.Canceled) {
                Exporting.Not(wasStopped = true)
            } catch (why: CompanionException) {
                Exporting.Failed(why)
            } catch (why: CancellationException) {
                progress.value = Exporting.Not(wasStopped = true)
                throw why
            } catch (_: FolderFull) {
                Exporting.FolderFailed(FolderTrouble.FULL)
            } catch (_: IOException) {
                Exporting.FolderFailed(FolderTrouble.FAILED)
            }
        }
    }

    /** This phone has no app that a folder is picked in. */
    fun cannotPick() {
        if (progress.value !is Exporting.Now) progress.value = Exporting.FolderFailed(FolderTrouble.NO_PICKER)
    }

    /** Gives up on it: nothing of it stays. */
    fun stop() {
        work?.cancel()
    }

    private suspend fun export(tree: Uri): Exporting = door.use { record ->
        val place = passage.place()
        try {
            val listener = object : ProgressListener {
                // On a thread of the core's.
                override fun onProgress(done: ULong, of: ULong) = told(done.toInt(), 2 * of.toInt())
            }
            val export = record.exportInto(place.path, listener)
            val name = nameOf(record.now())
            take(place, tree, name, export.files.size)
            Exporting.Done(export, name)
        } finally {
            passage.leave(place)
        }
    }

    /** The second half of the way: from the app's own folder into the one that was picked. */
    private suspend fun take(place: File, tree: Uri, name: String, files: Int) = withContext(Dispatchers.IO) {
        val mayGoOn = { ensureActive() }
        passage.picked(tree).take(place, name, mayGoOn) { done -> told(files + done, 2 * files) }
    }

    private fun told(done: Int, of: Int) {
        progress.update { if (it is Exporting.Now) Exporting.Now(done, of) else it }
    }

    private fun nameOf(now: LocalMoment): String = "record-" + now.toLocalDateTime().toLocalDate()

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                ExportViewModel(app.door, app.passage, app.cleared)
            }
        }
    }
}
