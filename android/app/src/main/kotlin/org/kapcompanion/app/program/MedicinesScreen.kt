package org.kapcompanion.app.program

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
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
import org.kapcompanion.app.ui.SwitchRow
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.whereItIs
import org.kapcompanion.core.MedicineSort
import org.kapcompanion.core.MedicineView
import org.kapcompanion.core.MedicinesNowView

/** The list of medicines. */
@Composable
fun MedicinesRoute(around: Around) {
    val model: MedicinesViewModel = viewModel(factory = MedicinesViewModel.Factory)
    val medicines by model.medicines.collectAsStateWithLifecycle()
    val new by model.new.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    MedicinesScreen(medicines, new, saving, around, MedicinesActs(model::type, model::add, model::setStopped))
}

/** What can be done with the list. */
class MedicinesActs(
    val onType: (NewMedicine) -> Unit,
    val onAdd: () -> Unit,
    val onStopped: (list: UUID, item: UUID, isStopped: Boolean) -> Unit
)

/** What is taken, what was, and a new one to add. Nothing here says what goes with what. */
@Composable
fun MedicinesScreen(loaded: Loaded<Medicines>, new: NewMedicine, saving: Saving, around: Around, acts: MedicinesActs) {
    Page(stringResource(R.string.medicines_title), around) {
        WhyNot(saving)
        LoadedPart(loaded) { Shown(it, new, saving, acts) }
    }
}

@Composable
private fun Shown(medicines: Medicines, new: NewMedicine, saving: Saving, acts: MedicinesActs) {
    val isEmpty = medicines.lists.all { it.list.items.isEmpty() }
    if (isEmpty) Text(stringResource(R.string.medicines_empty))
    for (one in medicines.lists) MedicineList(one, acts)
    if (medicines.hasClinic) {
        if (!isEmpty) Quiet(stringResource(R.string.medicines_shared))
        Add(new, saving, acts)
    } else {
        Text(stringResource(R.string.medicines_alone))
    }
    Notice(stringResource(R.string.medicines_no_advice))
}

@Composable
private fun MedicineList(now: MedicinesNowView, acts: MedicinesActs) {
    for (item in now.list.items) Medicine(now.list.head.id, item, acts)
    val (reviewed, before) = now.reviewed to now.reviewedBefore
    Quiet(
        when {
            reviewed != null -> stringResource(R.string.medicines_reviewed, reviewed.by, told(reviewed.at))
            before != null -> stringResource(R.string.medicines_changed_since, before.by, told(before.at))
            else -> stringResource(R.string.medicines_not_reviewed)
        }
    )
    Quiet(stringResource(R.string.entry_where, whereItIs(now.list.head.delivery)))
}

@Composable
private fun Medicine(list: UUID, item: MedicineView, acts: MedicinesActs) {
    val stopped = item.stoppedAt
    Panel {
        Text(item.name, style = MaterialTheme.typography.titleMedium)
        if (item.whatFor.isNotBlank()) Text(stringResource(R.string.medicines_for, item.whatFor))
        if (item.sort == MedicineSort.SUPPLEMENT) Quiet(stringResource(R.string.medicines_supplement))
        if (stopped == null) {
            OtherButton(stringResource(R.string.medicines_stop), { acts.onStopped(list, item.item, true) })
        } else {
            Quiet(stringResource(R.string.medicines_stopped, told(stopped)))
            OtherButton(stringResource(R.string.medicines_again), { acts.onStopped(list, item.item, false) })
        }
    }
}

@Composable
private fun Add(new: NewMedicine, saving: Saving, acts: MedicinesActs) {
    Panel {
        Heading(stringResource(R.string.medicines_add_title))
        OutlinedTextField(
            new.name,
            { acts.onType(new.copy(name = it)) },
            Modifier.fillMaxWidth(),
            label = { Text(stringResource(R.string.medicines_name)) },
            supportingText = { Text(stringResource(R.string.medicines_name_means)) }
        )
        OutlinedTextField(
            new.whatFor,
            { acts.onType(new.copy(whatFor = it)) },
            Modifier.fillMaxWidth(),
            label = { Text(stringResource(R.string.medicines_what_for)) },
            supportingText = { Text(stringResource(R.string.can_be_left_out)) },
            keyboardOptions = KeyboardOptions(capitalization = KeyboardCapitalization.Sentences)
        )
        SwitchRow(
            stringResource(R.string.medicines_is_supplement),
            new.isSupplement,
            stringResource(R.string.medicines_is_supplement_means)
        ) { acts.onType(new.copy(isSupplement = it)) }
        MainButton(
            stringResource(R.string.medicines_add),
            acts.onAdd,
            enabled = new.name.isNotBlank() && saving !is Saving.Now
        )
    }
}
