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

/** The first page: with a clinic, or without one. */
@Composable
fun WelcomeScreen(around: Around, onPair: () -> Unit, onAlone: () -> Unit) {
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
        Quiet(stringResource(R.string.welcome_no_account))
    }
}
