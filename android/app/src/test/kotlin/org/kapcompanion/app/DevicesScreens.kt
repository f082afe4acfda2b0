package org.kapcompanion.app

import androidx.compose.runtime.Composable
import org.kapcompanion.app.devices.AddPhoneScreen
import org.kapcompanion.app.devices.Adding
import org.kapcompanion.app.devices.Answer
import org.kapcompanion.app.devices.Changing
import org.kapcompanion.app.devices.CheckWordsScreen
import org.kapcompanion.app.devices.ComeBackScreen
import org.kapcompanion.app.devices.Devices
import org.kapcompanion.app.devices.DevicesScreen
import org.kapcompanion.app.devices.Making
import org.kapcompanion.app.devices.RecoveryNow
import org.kapcompanion.app.devices.RecoveryScreen
import org.kapcompanion.app.devices.SheetScreen
import org.kapcompanion.app.devices.WordsDoneScreen
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.DeviceKind
import org.kapcompanion.core.DeviceRemovedView
import org.kapcompanion.core.DeviceView
import org.kapcompanion.core.EarlierWords
import org.kapcompanion.core.InvitationView
import org.kapcompanion.core.NewcomerView
import org.kapcompanion.core.NotNowReason
import org.kapcompanion.core.RecoverySheetView
import org.kapcompanion.core.RecoveryStandingView
import org.kapcompanion.core.RecoveryWordsView
import org.kapcompanion.core.RetractedChangeView
import org.kapcompanion.core.WordsToConfirmView

private fun device(name: String, kind: DeviceKind, removed: DeviceRemovedView? = null) = DeviceView(
    member = name,
    name = name,
    kind = kind,
    joinedAt = At,
    lastReceivedAt = At.takeIf { kind == DeviceKind.PHONE },
    removed = removed,
    readsShared = removed == null,
    readsPrivate = removed == null && kind != DeviceKind.CLINIC
)

private val All = Devices(
    name = "Ada's phone",
    isPaired = true,
    all = listOf(
        device("Ada's phone", DeviceKind.THIS_PHONE),
        device("Tablet", DeviceKind.PHONE),
        device(CLINIC, DeviceKind.CLINIC),
        device("Recovery words", DeviceKind.RECOVERY_WORDS),
        device("Old phone", DeviceKind.PHONE, DeviceRemovedView(At, "Ada's phone"))
    ),
    waiting = 1,
    movedTo = "https://new.harborstreet.example",
    retracted = listOf(RetractedChangeView("entry", "Written on the train", "Old phone", "Ada's phone", At))
)

private val NotSenior = CompanionException.NotNow(
    NotNowReason.NotSenior,
    "that device was there before this one; your recovery words can remove it"
)

private const val LINK = "kap://pair/S0lBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQQ"
private val Invitation = InvitationView(LINK, At, earlierIsGood = true)
private val Newcomer = NewcomerView("n", At, listOf("harvest", "lemon", "window"), isConfirmed = false)

private val Twelve = listOf(
    "abandon", "ability", "able", "about", "above", "absent",
    "absorb", "abstract", "absurd", "abuse", "access", "accident"
)
private val Sheet = RecoverySheetView(Twelve, "https://sync.harborstreet.example", 7u, replaces = true)
private val Good = RecoveryWordsView(At, "Ada's phone", madeHere = true, makerRemoved = false, open = true)
private val NoWords = RecoveryStandingView(null, null, emptyList(), null)

@Composable
private fun DevicesWith(loaded: Loaded<Devices>, changing: Changing = Changing()) =
    DevicesScreen(loaded, changing, Somewhere, {}, {}, {}, {}, {}, {}, {})

@Composable
private fun Add(adding: Adding) = AddPhoneScreen(adding, Somewhere, {}, {}, {}, {})

@Composable
private fun Recovery(words: RecoveryStandingView, isPaired: Boolean = true, failed: CompanionException? = null) =
    RecoveryScreen(Loaded.Here(RecoveryNow(words, isPaired)), failed, isBusy = false, Somewhere, {}, {}, {})

/** The person's phones, and recovery words. */
val DevicesScreens: Map<String, @Composable () -> Unit> = mapOf(
    "devices" to { DevicesWith(Loaded.Here(All)) },
    "devices-alone" to { DevicesWith(Loaded.Here(Devices("This phone", isPaired = false, emptyList(), 0))) },
    "devices-loading" to { DevicesWith(Loaded.NotYet) },
    "devices-rename" to { DevicesWith(Loaded.Here(All), Changing(name = "Ada")) },
    "devices-remove" to { DevicesWith(Loaded.Here(All), Changing(removing = "Tablet")) },
    "devices-remove-words" to {
        DevicesWith(Loaded.Here(All), Changing(removing = "Tablet", saving = Saving.Failed(NotSenior)))
    },
    "add-phone" to { Add(Adding()) },
    "add-phone-offline" to { Add(Adding(reached = Offline, saving = Saving.Failed(Offline.why))) },
    "add-phone-link" to { Add(Adding(invitation = Invitation)) },
    "add-phone-words" to { Add(Adding(invitation = Invitation, newcomers = listOf(Newcomer))) },
    "add-phone-done" to { Add(Adding(answer = Answer.LET_IN)) },
    "recovery" to { Recovery(NoWords) },
    "recovery-alone" to { Recovery(NoWords, isPaired = false) },
    "recovery-stand" to { Recovery(RecoveryStandingView(Good, null, listOf(Good), null)) },
    "recovery-to-confirm" to {
        Recovery(RecoveryStandingView(null, WordsToConfirmView(At, 7u), emptyList(), null), failed = Offline.why)
    },
    "recovery-hidden" to { SheetScreen(Making.Shown(Sheet, isVisible = false), Somewhere, {}, {}) },
    "recovery-shown" to { SheetScreen(Making.Shown(Sheet, isVisible = true), Somewhere, {}, {}) },
    "recovery-check" to {
        val check = Making.Check(Sheet, listOf(2, 7, 11), listOf("ability", "abuse", ""), wrong = 7)
        CheckWordsScreen(check, null, isBusy = false, Somewhere, { _, _ -> }, {}, {})
    },
    "recovery-done" to { WordsDoneScreen(Making.Done(EarlierWords.NOT_YET), Somewhere) {} },
    "come-back" to {
        val why = CompanionException.BadRecoveryWords("these are not twelve recovery words")
        ComeBackScreen("https://sync.example", "abandon ability", Saving.Failed(why), Somewhere, {}, {}, {})
    }
)
