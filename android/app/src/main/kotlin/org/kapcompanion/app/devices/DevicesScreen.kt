package org.kapcompanion.app.devices

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.text.input.KeyboardType
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Asking
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.told
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.DeviceKind
import org.kapcompanion.core.DeviceView
import org.kapcompanion.core.NotNowReason
import org.kapcompanion.core.RetractedChangeView
import org.kapcompanion.core.words

/** The person's phones. */
@Composable
fun DevicesRoute(around: Around, onGo: (String) -> Unit) {
    val model: DevicesViewModel = viewModel(factory = DevicesViewModel.Factory)
    val devices by model.devices.collectAsStateWithLifecycle()
    val name by model.name.collectAsStateWithLifecycle()
    val removing by model.removing.collectAsStateWithLifecycle()
    val words by model.words.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    DevicesScreen(
        devices,
        Changing(name, removing, words, saving),
        around,
        onName = model::name,
        onRename = model::rename,
        onAsk = model::ask,
        onTypeWords = model::typeWords,
        onRemove = model::remove,
        onAdd = { onGo(DevicePlaces.ADD) },
        onFollow = model::followClinic
    )
}

/** What is being changed on the page of phones. */
data class Changing(
    val name: String? = null,
    val removing: String? = null,
    val words: String = "",
    val saving: Saving = Saving.Not
) {
    /** The core says that only the recovery words can do that. */
    val needsWords: Boolean
        get() = words.isNotEmpty() || reason == NotNowReason.NotSenior

    private val reason get() = ((saving as? Saving.Failed)?.why as? CompanionException.NotNow)?.reason
}

/** Each phone with what it is and since when; this one can be renamed, a lost one removed, a second one added. */
@Composable
fun DevicesScreen(
    loaded: Loaded<Devices>,
    changing: Changing,
    around: Around,
    onName: (String?) -> Unit,
    onRename: () -> Unit,
    onAsk: (String?) -> Unit,
    onTypeWords: (String) -> Unit,
    onRemove: (String) -> Unit,
    onAdd: () -> Unit,
    onFollow: () -> Unit
) {
    Page(stringResource(R.string.devices_title), around) {
        LoadedPart(loaded) { (name, isPaired, all, waiting, movedTo, retracted) ->
            WhyNot(changing.saving)
            if (waiting > 0) Notice(pluralStringResource(R.plurals.devices_waiting, waiting, waiting))
            movedTo?.let { Moved(it, changing.saving !is Saving.Now, onFollow) }
            ThisPhone(name, changing, onName, onRename)
            val others = all.filter { it.kind != DeviceKind.THIS_PHONE }
            val (gone, present) = others.partition { it.removed != null && !it.readsPrivate }
            for (device in present) {
                if (device.member == changing.removing) {
                    Removing(device, changing, onAsk, onTypeWords, onRemove)
                } else {
                    Device(device, onRemove = { onAsk(device.member) }.takeIf { device.canGo })
                }
            }
            if (isPaired) OtherButton(stringResource(R.string.devices_add), onAdd)
            if (!isPaired) Quiet(stringResource(R.string.devices_alone))
            if (gone.isNotEmpty()) Heading(stringResource(R.string.devices_gone))
            for (device in gone) Device(device, onRemove = null)
            Retracted(retracted)
        }
    }
}

/** The clinic is left by talking to it, and words end by making new ones. */
private val DeviceView.canGo: Boolean get() = kind == DeviceKind.PHONE || kind == DeviceKind.UNNAMED

@Composable
private fun ThisPhone(name: String, changing: Changing, onName: (String?) -> Unit, onRename: () -> Unit) {
    Panel {
        Text(name, style = MaterialTheme.typography.titleMedium)
        Quiet(stringResource(R.string.device_this))
        val typed = changing.name
        if (typed == null) {
            OtherButton(stringResource(R.string.devices_rename), { onName(name) })
        } else {
            OutlinedTextField(
                typed,
                { onName(it) },
                Modifier.fillMaxWidth(),
                label = { Text(stringResource(R.string.devices_name)) },
                singleLine = true
            )
            val isReady = typed.isNotBlank() && changing.saving !is Saving.Now
            MainButton(stringResource(R.string.save), onRename, enabled = isReady)
            OtherButton(stringResource(R.string.leave_as_is), { onName(null) })
        }
    }
}

@Composable
private fun Device(device: DeviceView, onRemove: (() -> Unit)?) {
    Panel {
        Text(device.name, style = MaterialTheme.typography.titleMedium)
        Quiet(stringResource(nameOf(device.kind)))
        Quiet(stringResource(R.string.device_since, told(device.joinedAt)))
        device.lastReceivedAt?.let { Quiet(stringResource(R.string.device_heard, told(it))) }
        device.removed?.let {
            val by = it.by
            val at = told(it.at)
            Quiet(
                if (by == null) {
                    stringResource(R.string.device_left, at)
                } else {
                    stringResource(R.string.device_removed, by, at)
                }
            )
        }
        if (device.removed != null && device.readsPrivate) {
            Notice(stringResource(R.string.device_half_removed), isProblem = true)
        }
        if (onRemove != null) OtherButton(stringResource(R.string.device_remove), onRemove)
    }
}

@Composable
private fun Moved(address: String, isReady: Boolean, onFollow: () -> Unit) {
    Panel {
        Heading(stringResource(R.string.devices_moved))
        Text(stringResource(R.string.devices_moved_means, address))
        MainButton(stringResource(R.string.devices_follow), onFollow, enabled = isReady)
    }
}

@Composable
private fun Retracted(retracted: List<RetractedChangeView>) {
    if (retracted.isEmpty()) return
    Heading(stringResource(R.string.devices_retracted))
    for (one in retracted) {
        Panel {
            if (one.words.isNotBlank()) Text(one.words)
            Quiet(stringResource(R.string.devices_retracted_by, one.writtenBy, one.removedBy, told(one.removedAt)))
        }
    }
}

private fun nameOf(kind: DeviceKind): Int = when (kind) {
    DeviceKind.THIS_PHONE -> R.string.device_this
    DeviceKind.PHONE -> R.string.device_phone
    DeviceKind.RECOVERY_WORDS -> R.string.device_words
    DeviceKind.CLINIC -> R.string.device_clinic
    DeviceKind.UNNAMED -> R.string.device_unnamed
}

@Composable
private fun Removing(
    device: DeviceView,
    changing: Changing,
    onAsk: (String?) -> Unit,
    onTypeWords: (String) -> Unit,
    onRemove: (String) -> Unit
) {
    if (changing.needsWords) {
        OutlinedTextField(
            changing.words,
            onTypeWords,
            Modifier.fillMaxWidth(),
            label = { Text(stringResource(R.string.device_remove_words)) },
            keyboardOptions = SecretWords
        )
    }
    Asking(
        stringResource(R.string.device_remove_question, device.name),
        listOf(stringResource(R.string.device_remove_means)),
        stringResource(R.string.device_remove),
        onAct = { onRemove(device.member) },
        onLeave = { onAsk(null) },
        isReady = changing.saving !is Saving.Now && (!changing.needsWords || changing.words.isNotBlank())
    )
}

/** Words that no keyboard may learn. */
internal val SecretWords = KeyboardOptions(
    capitalization = KeyboardCapitalization.None,
    autoCorrectEnabled = false,
    keyboardType = KeyboardType.Password
)
