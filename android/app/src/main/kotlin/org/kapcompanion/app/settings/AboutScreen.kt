package org.kapcompanion.app.settings

import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.produceState
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringArrayResource
import androidx.compose.ui.res.stringResource
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.Heading
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Quiet

/** About the app. */
@Composable
fun AboutRoute(around: Around) {
    val context = LocalContext.current
    val version by produceState("") {
        value = withContext(Dispatchers.IO) {
            context.packageManager.getPackageInfo(context.packageName, 0).versionName.orEmpty()
        }
    }
    AboutScreen(version, around)
}

/** Which version it is, what it does not do, and what it stands on. */
@Composable
fun AboutScreen(version: String, around: Around) {
    Page(stringResource(R.string.about_title), around) {
        Text(stringResource(R.string.about_version, version))
        Text(stringResource(R.string.about_no_tracker))
        Text(stringResource(R.string.about_not_emergency))
        Heading(stringResource(R.string.about_licenses))
        Text(stringResource(R.string.about_own_license))
        Panel { for (line in stringArrayResource(R.array.about_stands_on)) Quiet(line) }
    }
}
