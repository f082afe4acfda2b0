package org.kapcompanion.app.welcome

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.MainButton
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet

/** The first page: with a clinic, without one, or with a record that was elsewhere. */
@Composable
fun WelcomeScreen(
    around: Around,
    onPair: () -> Unit,
    onAlone: () -> Unit,
    onRecover: () -> Unit,
    onImport: () -> Unit
) {
    Page(stringResource(R.string.welcome_title), around) {
        Text(stringResource(R.string.welcome_what), style = MaterialTheme.typography.bodyLarge)
        Panel {
            Text(stringResource(R.string.welcome_clinic), style = MaterialTheme.typography.titleMedium)
            Quiet(stringResource(R.string.welcome_clinic_means))
            MainButton(stringResource(R.string.welcome_pair), onPair)
        }
        Panel {
            Text(stringResource(R.string.welcome_alone), style = MaterialTheme.typography.titleMedium)
            Quiet(stringResource(R.string.welcome_alone_means))
            OtherButton(stringResource(R.string.welcome_begin), onAlone)
        }
        Panel {
            Text(stringResource(R.string.welcome_recover), style = MaterialTheme.typography.titleMedium)
            Quiet(stringResource(R.string.welcome_recover_means))
            OtherButton(stringResource(R.string.come_back_title), onRecover)
        }
        Panel {
            Text(stringResource(R.string.welcome_import), style = MaterialTheme.typography.titleMedium)
            Quiet(stringResource(R.string.welcome_import_means))
            OtherButton(stringResource(R.string.import_title), onImport)
        }
        Quiet(stringResource(R.string.welcome_no_account))
    }
}
