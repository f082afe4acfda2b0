package org.kapcompanion.app.settings

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
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.RadioRow

/** The language of the app. */
@Composable
fun LanguageRoute(around: Around) {
    val model: SettingsViewModel = viewModel(factory = SettingsViewModel.Factory)
    val shown by model.shown.collectAsStateWithLifecycle()
    LanguageScreen(shown.language, around, model::setLanguage)
}

/** The phone's language, or one of the app's; and in both of them what is in English for now. */
@Composable
fun LanguageScreen(tag: String?, around: Around, onChoose: (String?) -> Unit) {
    Page(stringResource(R.string.language_title), around) {
        Panel {
            Column(Modifier.selectableGroup()) {
                RadioRow(stringResource(R.string.language_of_phone), tag == null) { onChoose(null) }
                for (language in Language.entries) {
                    RadioRow(language.ownName, tag == language.tag) { onChoose(language.tag) }
                }
            }
        }
        // Whoever came here by mistake may read only one of them.
        Quiet(stringResource(R.string.language_partly_english))
        Quiet(stringResource(R.string.language_partly_spanish))
        Quiet(stringResource(R.string.language_own_words))
    }
}
