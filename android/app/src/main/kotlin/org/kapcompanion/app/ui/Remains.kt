package org.kapcompanion.app.ui

import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import org.kapcompanion.app.R
import org.kapcompanion.core.RemainsView

/** Makes something private again; says first what the clinic may keep of it, in the core's words. */
@Composable
fun TakeBack(remains: RemainsView, onTakeBack: () -> Unit) {
    val means = listOfNotNull(stringResource(R.string.take_back_means), remains.atTheClinic)
    AskedOnce(
        stringResource(R.string.take_back),
        means.joinToString(" "),
        stringResource(R.string.take_back_sure),
        onTakeBack
    )
}

/** Deletes something; says first what stays where, in the core's words. */
@Composable
fun DeleteIt(remains: RemainsView, onDelete: () -> Unit) {
    AskedOnce(
        stringResource(R.string.delete_it),
        remains.onceDeleted,
        stringResource(R.string.delete_it_sure),
        onDelete
    )
}
