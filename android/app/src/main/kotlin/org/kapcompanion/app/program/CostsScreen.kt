package org.kapcompanion.app.program

import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.CreateDocument
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
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
import org.kapcompanion.app.ui.WhyNot
import org.kapcompanion.app.ui.told
import org.kapcompanion.core.CostLineView
import org.kapcompanion.core.CostsNowView
import org.kapcompanion.core.PaidBy
import org.kapcompanion.core.words

/** Structure and costs. */
@Composable
fun CostsRoute(around: Around) {
    val model: CostsViewModel = viewModel(factory = CostsViewModel.Factory)
    val costs by model.costs.collectAsStateWithLifecycle()
    val name by model.name.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    val kept by model.kept.collectAsStateWithLifecycle()
    val summary = (costs as? Loaded.Here)?.value?.now?.summary
    val place = rememberLauncherForActivityResult(CreateDocument("text/plain")) { chosen ->
        if (chosen != null && summary != null) model.keep(summary, chosen)
    }
    val fileName = stringResource(R.string.costs_file)
    CostsScreen(
        costs,
        name,
        saving,
        kept,
        around,
        CostsActs(model::type, model::acknowledge, onKeep = { place.launch(fileName) })
    )
}

/** What can be done with structure and costs. */
class CostsActs(val onType: (String) -> Unit, val onAcknowledge: (CostsNowView) -> Unit, val onKeep: () -> Unit)

/** Each line with who pays, who went through it with the person, and whether it is acknowledged. */
@Composable
fun CostsScreen(loaded: Loaded<Costs>, name: String, saving: Saving, kept: Kept, around: Around, acts: CostsActs) {
    Page(stringResource(R.string.costs_title), around) {
        WhyNot(saving)
        LoadedPart(loaded) { shown ->
            val now = shown.now
            when {
                now != null -> Shown(now, name, saving, kept, acts)
                shown.isNewer -> Notice(stringResource(R.string.costs_newer), isProblem = true)
                else -> Text(stringResource(R.string.costs_none))
            }
            Quiet(stringResource(R.string.program_as_of_last_exchange))
        }
    }
}

@Composable
private fun Shown(costs: CostsNowView, name: String, saving: Saving, kept: Kept, acts: CostsActs) {
    Heading(stringResource(R.string.costs_version, costs.sheet.version.toInt()))
    costs.planned?.toInt()?.let { Text(pluralStringResource(R.plurals.costs_sessions, it, it)) }
    for (line in costs.sheet.lines) Line(line)
    val walked = costs.walkedThrough
    Text(
        if (walked == null) {
            stringResource(R.string.costs_not_walked)
        } else {
            stringResource(R.string.costs_walked, walked.by, told(walked.at))
        }
    )
    Acknowledging(costs, name, saving, acts)
    OtherButton(stringResource(R.string.costs_keep), acts.onKeep)
    when (kept) {
        Kept.NOT -> Unit
        Kept.KEPT -> Notice(stringResource(R.string.costs_kept))
        Kept.FAILED -> Notice(stringResource(R.string.costs_not_kept), isProblem = true)
    }
    Quiet(stringResource(R.string.costs_no_receipt))
}

@Composable
private fun Acknowledging(costs: CostsNowView, name: String, saving: Saving, acts: CostsActs) {
    val acknowledged = costs.acknowledged
    if (acknowledged != null) {
        Notice(stringResource(R.string.costs_acknowledged, acknowledged.by, told(acknowledged.at)))
    }
    if (!costs.waitsForYou) return
    Panel {
        Text(stringResource(if (costs.acknowledgedAnother) R.string.costs_again else R.string.costs_ask))
        OutlinedTextField(
            name,
            acts.onType,
            Modifier.fillMaxWidth(),
            label = { Text(stringResource(R.string.costs_name)) },
            singleLine = true
        )
        MainButton(
            stringResource(R.string.costs_acknowledge),
            { acts.onAcknowledge(costs) },
            enabled = name.isNotBlank() && saving !is Saving.Now
        )
        Quiet(stringResource(R.string.costs_acknowledge_means))
    }
}

@Composable
private fun Line(line: CostLineView) {
    Panel {
        Text(line.label, style = MaterialTheme.typography.titleMedium)
        Text(line.amount?.words ?: stringResource(R.string.costs_not_known))
        if (line.provider.isNotBlank()) Quiet(stringResource(R.string.costs_by, line.provider))
        Quiet(
            stringResource(
                when (line.payer) {
                    PaidBy.INSURANCE -> R.string.costs_insurance
                    PaidBy.CASH -> R.string.costs_cash
                    PaidBy.EITHER -> R.string.costs_either
                }
            )
        )
        if (line.isMedicine) Quiet(stringResource(R.string.costs_medicine))
        if (line.hsaFsa) Quiet(stringResource(R.string.costs_hsa_fsa))
    }
}
