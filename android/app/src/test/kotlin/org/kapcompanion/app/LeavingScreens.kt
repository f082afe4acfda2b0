package org.kapcompanion.app

import androidx.compose.runtime.Composable
import org.kapcompanion.app.leaving.BeforeErasing
import org.kapcompanion.app.leaving.EndChoice
import org.kapcompanion.app.leaving.EndScreen
import org.kapcompanion.app.leaving.Ending
import org.kapcompanion.app.leaving.ExportScreen
import org.kapcompanion.app.leaving.Exporting
import org.kapcompanion.app.leaving.FolderTrouble
import org.kapcompanion.app.leaving.ImportScreen
import org.kapcompanion.app.leaving.Importing
import org.kapcompanion.app.leaving.ThisPhoneScreen
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.core.AccountStanding
import org.kapcompanion.core.BeforeEndingView
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.ExportView
import org.kapcompanion.core.ImportPlanView
import org.kapcompanion.core.ImportView
import org.kapcompanion.core.KindCountView
import org.kapcompanion.core.NotNowReason

private val Exported = ExportView(
    files = listOf("README.md", "record.json"),
    documents = 214u,
    unreadable = 1u,
    unknown = 2u,
    attachmentsNotHere = 1u,
    attachmentsLost = 1u
)

private val Report = ImportView(
    own = listOf(KindCountView("entry", 180u), KindCountView("check_in", 34u)),
    former = listOf(KindCountView("session", 4u)),
    hereAlready = 1u,
    inOtherWords = 1u,
    deletedHere = 2u,
    files = 9u,
    bytes = 4_000_000u,
    withoutFile = 1u
)

private val Plan =
    ImportPlanView(CLINIC, At, "0.1.0", oldest = At, newest = At, leftOutOfUnknownKinds = 1u, would = Report)

private val Before = BeforeEndingView(
    sentences = listOf(
        "What is only yours goes from this phone, and from the server as soon as it hears of it. Nobody can bring it back.",
        "You share 12 things with $CLINIC. As far as this phone knows, somebody there opened 9 of it.",
        "Your recovery words open nothing any more. Throw the sheet away."
    ),
    isOnServer = true,
    clinic = CLINIC,
    wasWith = null,
    shared = 12u,
    opened = 9u,
    delivered = 3u,
    keptByBoth = 2u,
    unreadable = 0u,
    otherPhones = emptyList(),
    hasWords = true,
    waiting = 1u,
    keepDays = 30u
)

@Composable
private fun Export(exporting: Exporting) = ExportScreen(exporting, Somewhere, {}, {})

@Composable
private fun Import(importing: Importing) = ImportScreen(importing, Somewhere, {}, {}, {}, {})

@Composable
private fun End(ending: Ending, choice: EndChoice = EndChoice()) =
    EndScreen(Loaded.Here(ending), choice, Somewhere, {}, {}, {}, {}, {}, {})

@Composable
private fun ThisPhone(before: BeforeErasing, typed: String = "", saving: Saving = Saving.Not) =
    ThisPhoneScreen(Loaded.Here(before), typed, saving, Somewhere, {}, {}, {})

/** Taking everything along, bringing it back, and ending. */
val LeavingScreens: Map<String, @Composable () -> Unit> = mapOf(
    "export" to { Export(Exporting.Not()) },
    "export-stopped" to { Export(Exporting.Not(wasStopped = true)) },
    "export-running" to { Export(Exporting.Now(62, 400)) },
    "export-full" to { Export(Exporting.FolderFailed(FolderTrouble.FULL)) },
    "export-failed" to { Export(Exporting.FolderFailed(FolderTrouble.FAILED)) },
    "export-no-picker" to { Export(Exporting.FolderFailed(FolderTrouble.NO_PICKER)) },
    "export-done" to { Export(Exporting.Done(Exported, "record-2026-05-28")) },
    "import" to { Import(Importing.Not) },
    "import-reading" to { Import(Importing.Reading) },
    "import-planned" to { Import(Importing.Planned(Plan)) },
    "import-failed" to {
        Import(Importing.Failed(CompanionException.Import("README.md is not there, so this is no whole export")))
    },
    "import-done" to { Import(Importing.Done(Report)) },
    "end" to { End(Ending.Before(Before)) },
    "end-typed" to { End(Ending.Before(Before), EndChoice(typed = "END")) },
    "end-not-now" to {
        val why = CompanionException.NotNow(
            NotNowReason.NotFirstDevice,
            "an account is ended on the first phone; this one can leave the record"
        )
        End(Ending.NotNow(why))
    },
    "end-goes-on" to {
        End(Ending.Decided(AccountStanding.Ending(At, 2u)), EndChoice(saving = Saving.Failed(Offline.why)))
    },
    "end-elsewhere" to { End(Ending.Decided(AccountStanding.EndedElsewhere(At, 2u, 1u, At))) },
    "this-phone" to { ThisPhone(BeforeErasing(isInRecord = true, isElsewhere = true, waiting = 2, isQuiet = false)) },
    "this-phone-lost" to {
        val before = BeforeErasing(isInRecord = true, isElsewhere = false, waiting = 0, isQuiet = false)
        ThisPhone(before, "DELETE", Saving.Failed(Offline.why))
    },
    "this-phone-quiet" to
        { ThisPhone(BeforeErasing(isInRecord = true, isElsewhere = true, waiting = 0, isQuiet = true)) }
)
