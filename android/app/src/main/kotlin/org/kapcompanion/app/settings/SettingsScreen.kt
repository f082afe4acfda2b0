package org.kapcompanion.app.settings

import androidx.annotation.StringRes
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Lead
import org.kapcompanion.app.ui.LeadCard
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.RadioRow
import org.kapcompanion.app.ui.SwitchRow

/** Settings of this phone. */
@Composable
fun SettingsRoute(around: Around, onGo: (String) -> Unit) {
    val model: SettingsViewModel = viewModel(factory = SettingsViewModel.Factory)
    val shown by model.shown.collectAsStateWithLifecycle()
    SettingsScreen(
        shown,
        around,
        onGo,
        onLight = model::setLight,
        onPictures = model::allowPictures,
        onDiscreet = model::beDiscreet,
        onMetered = model::sendOverMetered
    )
}

/** How the app looks, who may see it, and what there is to know about it. */
@Composable
fun SettingsScreen(
    shown: SettingsShown,
    around: Around,
    onGo: (String) -> Unit,
    onLight: (Light) -> Unit,
    onPictures: (Boolean) -> Unit,
    onDiscreet: (Boolean) -> Unit,
    onMetered: (Boolean) -> Unit
) {
    Page(stringResource(R.string.settings_title), around) {
        Panel {
            Heading(stringResource(R.string.settings_light))
            Column(Modifier.selectableGroup()) {
                for (light in Light.entries) {
                    val means = R.string.settings_dim_means.takeIf { light == Light.DIM }
                    RadioRow(
                        stringResource(nameOf(light)),
                        light == shown.chosen.light,
                        means?.let { stringResource(it) }
                    ) { onLight(light) }
                }
            }
            Quiet(stringResource(R.string.settings_text))
        }
        Panel {
            Heading(stringResource(R.string.settings_eyes))
            SwitchRow(
                stringResource(R.string.settings_pictures),
                shown.chosen.allowsPictures,
                stringResource(R.string.settings_pictures_means),
                onPictures
            )
            SwitchRow(
                stringResource(R.string.settings_discreet),
                shown.isDiscreet == true,
                stringResource(R.string.settings_discreet_means, stringResource(R.string.app_name_neutral)),
                onDiscreet
            )
        }
        shown.goesOverMetered?.let { goes ->
            Panel {
                Heading(stringResource(R.string.settings_network))
                SwitchRow(
                    stringResource(R.string.settings_metered),
                    goes,
                    stringResource(R.string.settings_metered_means),
                    onMetered
                )
            }
        }
        LeadCard(SettingsLeads, onGo)
    }
}

@StringRes
private fun nameOf(light: Light): Int = when (light) {
    Light.AS_PHONE -> R.string.settings_as_phone
    Light.LIGHT -> R.string.settings_always_light
    Light.DARK -> R.string.settings_always_dark
    Light.DIM -> R.string.settings_dim
}

/** Pages of settings that are pages of their own. */
private val SettingsLeads: List<Lead> = listOf(
    Lead(SettingsPlaces.LANGUAGE, R.string.language_title, R.string.language_lead),
    Lead(SettingsPlaces.DIAGNOSTICS, R.string.diagnostics_title, R.string.diagnostics_lead),
    Lead(SettingsPlaces.ABOUT, R.string.about_title)
)
