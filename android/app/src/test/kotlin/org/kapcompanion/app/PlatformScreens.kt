package org.kapcompanion.app

import androidx.compose.runtime.Composable
import java.time.Duration
import java.util.UUID
import org.kapcompanion.app.attach.Adding
import org.kapcompanion.app.attach.AttachBar
import org.kapcompanion.app.attach.AttachedList
import org.kapcompanion.app.attach.DictatePanel
import org.kapcompanion.app.attach.Dictating
import org.kapcompanion.app.attach.DrawScreen
import org.kapcompanion.app.attach.Looking
import org.kapcompanion.app.attach.Voice
import org.kapcompanion.app.attach.VoicePanel
import org.kapcompanion.app.help.Help
import org.kapcompanion.app.help.HelpScreen
import org.kapcompanion.app.journal.EntryScreen
import org.kapcompanion.app.journal.WriteScreen
import org.kapcompanion.app.journal.Writing
import org.kapcompanion.app.lock.Grace
import org.kapcompanion.app.lock.LockChoice
import org.kapcompanion.app.lock.LockScreen
import org.kapcompanion.app.lock.LockSettingsScreen
import org.kapcompanion.app.reminders.ReminderLeave
import org.kapcompanion.app.reminders.ReminderSwitchPanel
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.NoKeyScreen
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.core.AttachmentView
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.Delivery
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.bundledHelp

private val Full = CompanionException.DiskFull("the disk is full")

private fun attachment(type: String, isHere: Boolean = true, isLost: Boolean = false) = AttachmentView(
    item = UUID.nameUUIDFromBytes("$type$isHere$isLost".toByteArray()),
    mediaType = type,
    caption = if (isHere) "The river, from the bench" else "",
    length = 64_000u,
    lasts = if (type.startsWith("audio")) Duration.ofSeconds(75) else null,
    width = null,
    height = null,
    thumbnail = null,
    waveform = if (type ==
        "audio/wav"
    ) {
        ByteArray(64) { (128 + 120 * kotlin.math.sin(it / 3.0)).toInt().toByte() }
    } else {
        null
    },
    isHere = isHere,
    isLost = isLost,
    arrived = 0u,
    delivery = Delivery.OnlyYours
)

@Composable
private fun Lock(choice: LockChoice?, canAsk: Boolean) =
    LockSettingsScreen(choice, canAsk, Somewhere, onTurn = {}, onGrace = {}, onSettings = {})

@Composable
private fun WriteWith(attach: @Composable () -> Unit) = WriteScreen(
    Writing("", WhoReads.ONLY_ME, "", null, Saving.Not, hasAttached = true),
    Somewhere,
    onType = {},
    onLetRead = {},
    onAnswer = {},
    onSave = {},
    attach = attach
)

@Composable
private fun VoiceWith(voice: Voice) = WriteWith { VoicePanel(voice, 75, {}, {}, {}, {}) }

@Composable
private fun Switch(isOn: Boolean?, leave: ReminderLeave) =
    Page("Reminders", Somewhere) { ReminderSwitchPanel(isOn, leave, onTurn = {}, onAllow = {}, onAllowExact = {}) }

/** What a phone brings along: the lock, alarms, voices and pictures. */
internal val PlatformScreens: Map<String, @Composable () -> Unit> = mapOf(
    "lock" to { LockScreen(canAsk = true, First, onUnlock = {}, onSettings = {}, onTurnOff = {}) },
    "lock-gone" to { LockScreen(canAsk = false, First, onUnlock = {}, onSettings = {}, onTurnOff = {}) },
    "lock-settings-loading" to { Lock(null, canAsk = true) },
    "lock-settings-off" to { Lock(LockChoice(), canAsk = true) },
    "lock-settings-on" to { Lock(LockChoice(isOn = true, Grace.MINUTE), canAsk = true) },
    "lock-settings-none" to { Lock(LockChoice(), canAsk = false) },
    "help-locked" to {
        HelpScreen(Help(bundledHelp().flatMap { it.lines }), null, onBack = {}, isLocked = true, onReach = { _, _ -> })
    },
    "no-key" to { NoKeyScreen(First, onTryAgain = {}, onSetAside = {}) },
    "reminder-switch-off" to { Switch(false, ReminderLeave(mayShow = false, mayBeExact = false)) },
    "reminder-switch-refused" to { Switch(true, ReminderLeave(mayShow = false, mayBeExact = false)) },
    "reminder-switch-late" to { Switch(true, ReminderLeave(mayShow = true, mayBeExact = false)) },
    "voice" to { VoiceWith(Voice.Ready) },
    "voice-recording" to { VoiceWith(Voice.Recording) },
    "voice-keeping" to { VoiceWith(Voice.Keeping) },
    "voice-kept" to { VoiceWith(Voice.Kept) },
    "voice-denied" to { VoiceWith(Voice.Denied) },
    "voice-full" to { VoiceWith(Voice.NotKept(Full)) },
    "voice-none" to { VoiceWith(Voice.NoMicrophone) },
    "voice-nothing" to { VoiceWith(Voice.Nothing) },
    "dictate" to { WriteWith { DictatePanel(Dictating.LISTENING, {}, {}) } },
    "dictate-failed" to { WriteWith { DictatePanel(Dictating.FAILED, {}, {}) } },
    "attach" to { WriteWith { AttachBar(Adding.Not, {}, {}) } },
    "attach-working" to { WriteWith { AttachBar(Adding.Now, {}, {}) } },
    "attach-refused" to { WriteWith { AttachBar(Adding.Refused(Full), {}, {}) } },
    "attach-no-picker" to { WriteWith { AttachBar(Adding.NoPicker, {}, {}) } },
    "draw" to {
        val line = FloatArray(80) { if (it % 2 == 0) 0.1f + it / 100f else 0.5f + 0.3f * kotlin.math.sin(it / 6f) }
        DrawScreen(listOf(line), isKeeping = false, failed = null, Somewhere, onStroke = {}, onUndo = {}, onKeep = {})
    },
    "attached" to {
        val all = listOf(attachment("audio/wav"), attachment("audio/mp4"), attachment("image/png"))
        EntryScreen(Loaded.Here(Entries[1]), Somewhere) {
            AttachedList(all, Looking(playing = all[0].item, heard = 0.4f), {}, {}, {})
        }
    },
    "attached-away" to {
        val all =
            listOf(attachment("audio/mp4", isHere = false), attachment("image/png", isHere = false, isLost = true))
        EntryScreen(Loaded.Here(Entries[1]), Somewhere) { AttachedList(all, Looking(failed = ""), {}, {}, {}) }
    }
)
