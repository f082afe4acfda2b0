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
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.kapcompanion.app.companion
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.ExportToImport
import org.kapcompanion.core.ImportPlanView
import org.kapcompanion.core.ImportView

/** How far bringing a record got. */
sealed interface Importing {
    /** Nothing was begun, or it was stopped. */
    data object Not : Importing

    /** The folder is being read. */
    data object Reading : Importing

    /** It was read and checked: this is what it would do. */
    data class Planned(val plan: ImportPlanView) : Importing

    /** It is being brought in. */
    data object Now : Importing

    /** It is here. */
    data class Done(val report: ImportView) : Importing

    /** It is not, in the core's words. */
    data class Failed(val why: CompanionException) : Importing

    /** It is not, since the folder can't be read. */
    data class FolderFailed(val trouble: FolderTrouble) : Importing
}

/** Brings a record that was taken along, from a folder that the person picks: read and checked first, then whole or not. */
class ImportViewModel(
    private val door: RecordDoor,
    private val passage: Passage,
    private val cleared: Job,
    private val scope: CoroutineScope
) : ViewModel() {
    private val progress = MutableStateFlow<Importing>(Importing.Not)
    private var work: Job? = null
    private var checked: ExportToImport? = null
    private var place: File? = null

    /** How far it got. */
    val importing: StateFlow<Importing> = progress.asStateFlow()

    /** This phone has no app that a folder is picked in. */
    fun cannotPick() {
        if (work?.isActive != true) progress.value = Importing.FolderFailed(FolderTrouble.NO_PICKER)
    }

    /** Reads and checks what is in a folder; nothing is written. */
    fun read(tree: Uri) = doing(Importing.Reading) {
        leavePlace()
        val into = passage.place().also { place = it }
        withContext(Dispatchers.IO) {
            into.mkdirs()
            passage.picked(tree).bring(into) { ensureActive() }
        }
        val export = door.use { it.readExport(into.path) }
        checked = export
        Importing.Planned(export.plan())
    }

    /** Brings it in. */
    fun bringIn() {
        val export = checked ?: return
        doing(Importing.Now) {
            val report = door.use { export.import() }
            leavePlace()
            Importing.Done(report)
        }
    }

    /** Gives up on it: nothing of it stays. */
    fun stop() {
        val ended = work
        viewModelScope.launch {
            ended?.cancelAndJoin()
            leavePlace()
        }
        progress.value = Importing.Not
    }

    /** The page is gone: what was read lies nowhere in the clear any more. */
    override fun onCleared() {
        val ended = work
        scope.launch {
            ended?.cancelAndJoin()
            leavePlace()
        }
    }

    /** Somebody saw that it is here. */
    fun seen() {
        progress.value = Importing.Not
    }

    private fun doing(meanwhile: Importing, act: suspend () -> Importing) {
        if (work?.isActive == true) return
        progress.value = meanwhile
        work = viewModelScope.launch {
            cleared.join()
            progress.value = try {
                act()
            } catch (_: CompanionException.Canceled) {
                Importing.Not
            } catch (why: CompanionException) {
                leavePlace()
                Importing.Failed(why)
            } catch (why: CancellationException) {
                progress.value = Importing.Not
                throw why
            } catch (_: FolderFull) {
                leavePlace()
                Importing.FolderFailed(FolderTrouble.FULL)
            } catch (_: IOException) {
                leavePlace()
                Importing.FolderFailed(FolderTrouble.FAILED)
            }
        }
    }

    private suspend fun leavePlace() {
        checked?.close()
        checked = null
        place?.let { passage.leave(it) }
        place = null
    }

    companion object {
        val Factory = viewModelFactory {
            initializer {
                val app = checkNotNull(this[APPLICATION_KEY]).companion
                ImportViewModel(app.door, app.passage, app.cleared, app.scope)
            }
        }
    }
}
