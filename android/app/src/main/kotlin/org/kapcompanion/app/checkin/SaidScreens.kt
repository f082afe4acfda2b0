package org.kapcompanion.app.checkin

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.sharing.FollowOwn
import org.kapcompanion.app.sharing.OwnActionsRoute
import org.kapcompanion.app.sharing.OwnKind
import org.kapcompanion.app.sharing.OwnWays
import org.kapcompanion.app.sharing.OwnWordingsRoute
import org.kapcompanion.app.ui.Around
import org.kapcompanion.app.ui.BottomAction
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.LoadedPart
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Page
import org.kapcompanion.app.ui.Panel
import org.kapcompanion.app.ui.Places
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.WhenSaved
import org.kapcompanion.app.ui.readersOf
import org.kapcompanion.app.ui.told
import org.kapcompanion.app.ui.whereItIs
import org.kapcompanion.core.CheckInPage
import org.kapcompanion.core.CheckInView
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.words

/** The check-ins so far. */
@Composable
fun SaidRoute(around: Around, onGo: (String) -> Unit) {
    val model: SaidViewModel = viewModel(factory = SaidViewModel.Factory)
    val said by model.said.collectAsStateWithLifecycle()
    SaidScreen(
        said,
        around,
        onCheckIn = { onGo(Places.CHECK_IN) },
        onOpen = { onGo(Places.checkIn(it.toString())) },
        onMore = model::more
    )
}

/** Each with its step, its words, who can read it and where it is. */
@Composable
fun SaidScreen(
    loaded: Loaded<CheckInPage>,
    around: Around,
    onCheckIn: () -> Unit,
    onOpen: (UUID) -> Unit,
    onMore: () -> Unit
) {
    Page(stringResource(R.string.said_title), around, bottom = {
        BottomAction(stringResource(R.string.today_check_in), onCheckIn)
    }) {
        LoadedPart(loaded) { page ->
            if (page.items.isEmpty()) Text(stringResource(R.string.said_empty))
            for (one in page.items) {
                Panel(Modifier.clip(MaterialTheme.shapes.medium).clickable { onOpen(one.head.id) }) { Said(one) }
            }
            if (page.next != null) OtherButton(stringResource(R.string.said_more), onMore)
        }
    }
}

@Composable
private fun ColumnScope.Said(one: CheckInView) {
    Text(feelingWord(one.valence.toInt()), style = MaterialTheme.typography.titleMedium)
    if (one.note.isNotBlank()) Text(one.note)
    Quiet(told(one.at))
    Quiet(stringResource(R.string.entry_readers, readersOf(one.head, one.visibility)))
    Quiet(stringResource(R.string.entry_where, whereItIs(one.head.delivery)))
}

/** One check-in, and what can be done with it. */
@Composable
fun OneSaidRoute(id: UUID, around: Around, onGo: (String) -> Unit, onInstead: (String) -> Unit, onGone: () -> Unit) {
    val model: SaidViewModel = viewModel(factory = SaidViewModel.Factory)
    val one by remember(id) { model.one(id) }.collectAsStateWithLifecycle(Loaded.NotYet)
    FollowOwn(OwnKind.CHECK_IN, id, OwnWays({ onInstead(Places.checkIn(it.toString())) }, onGone))
    OneSaidScreen(one, around) {
        OwnWordingsRoute(id)
        OwnActionsRoute(OwnKind.CHECK_IN, id, onEdit = { onGo(Places.editCheckIn(id.toString())) })
    }
}

/** One check-in, whole. */
@Composable
fun OneSaidScreen(loaded: Loaded<CheckInView>, around: Around, actions: @Composable () -> Unit) {
    Page(stringResource(R.string.own_check_in), around) {
        LoadedPart(loaded) { one ->
            Panel { Said(one) }
            actions()
        }
    }
}

/** A check-in that is edited: the same page as for a new one. Who can read it is chosen on its own page. */
@Composable
fun EditCheckInRoute(id: UUID, around: Around, onDone: () -> Unit) {
    val model: EditCheckInViewModel = viewModel(key = "edit/$id", factory = EditCheckInViewModel.factory(id))
    val feeling by model.feeling.collectAsStateWithLifecycle()
    val note by model.note.collectAsStateWithLifecycle()
    val saving by model.saving.collectAsStateWithLifecycle()
    LaunchedEffect(model) { model.begin() }
    WhenSaved(saving, model::seen, onDone)
    CheckInScreen(
        feeling,
        note,
        WhoReads.ONLY_ME,
        sharing = null,
        saving,
        around,
        onFeel = model::feel,
        onType = model::type,
        onLetRead = {},
        onSave = model::save
    )
}
