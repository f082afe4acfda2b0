package org.kapcompanion.app.sharing

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import java.util.UUID
import org.kapcompanion.app.R
import org.kapcompanion.app.ui.Asking
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Notice
import org.kapcompanion.app.ui.OtherButton
import org.kapcompanion.app.ui.Quiet
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.app.ui.sentence
import org.kapcompanion.core.WhoReads
import org.kapcompanion.core.words

/** Where a page goes when what it shows was shared, taken back or deleted. */
data class OwnWays(
    /** The same thing has another name now. */
    val onMoved: (UUID) -> Unit,
    /** It is not there any more. */
    val onGone: () -> Unit
)

/**
 * Goes where the thing went that a page shows. Stands beside the page and not in it: once something moved, there is
 * nothing to draw by its old name any more.
 */
@Composable
fun FollowOwn(kind: OwnKind, id: UUID, ways: OwnWays) {
    val model = ownModel(kind, id)
    val became by model.became.collectAsStateWithLifecycle()
    LaunchedEffect(became) {
        when (val now = became) {
            is Became.Moved -> {
                model.seen()
                ways.onMoved(now.id)
            }

            is Became.Gone -> {
                model.seen()
                ways.onGone()
            }

            else -> Unit
        }
    }
}

@Composable
private fun ownModel(kind: OwnKind, id: UUID): OwnViewModel =
    viewModel(key = "$kind/$id", factory = OwnViewModel.factory(kind, id))

/** What can be done with something that a person wrote, below what it says. */
@Composable
fun OwnActionsRoute(kind: OwnKind, id: UUID, onEdit: () -> Unit) {
    val model = ownModel(kind, id)
    val standing by model.standing.collectAsStateWithLifecycle()
    val asked by model.asked.collectAsStateWithLifecycle()
    val became by model.became.collectAsStateWithLifecycle()
    OwnActions(
        standing,
        asked,
        became,
        onEdit = onEdit,
        onShare = model::share,
        onAsk = model::ask,
        onTakeBack = model::takeBack,
        onDelete = model::delete
    )
}

/** To edit it, share it, take it back, delete it; the last two ask once, and say first what stays where. */
@Composable
fun OwnActions(
    loaded: Loaded<OwnStanding>,
    asked: Asked,
    became: Became,
    onEdit: () -> Unit,
    onShare: (WhoReads) -> Unit,
    onAsk: (Asked) -> Unit,
    onTakeBack: () -> Unit,
    onDelete: () -> Unit
) {
    if (became is Became.Failed) Notice(sentence(became.why.words), isProblem = true)
    val standing = when (loaded) {
        is Loaded.Here -> loaded.value
        is Loaded.NotYet -> return
        is Loaded.Problem -> return Notice(sentence(loaded.why.words), isProblem = true)
    }
    val isReady = became !is Became.Busy
    when (asked) {
        Asked.TAKE_BACK -> Asking(
            stringResource(R.string.own_take_back_question),
            listOf(standing.remains.onceTakenBack),
            stringResource(R.string.own_take_back),
            onTakeBack,
            onLeave = { onAsk(Asked.NOTHING) },
            leave = stringResource(R.string.own_leave_shared),
            isReady = isReady
        )

        Asked.DELETE -> Asking(
            stringResource(R.string.own_delete_question),
            listOf(standing.remains.onceDeleted),
            stringResource(R.string.own_delete),
            onDelete,
            onLeave = { onAsk(Asked.NOTHING) },
            leave = stringResource(R.string.own_keep),
            isReady = isReady
        )

        Asked.NOTHING -> {
            ShareButtons(standing, onShare, onTakeBack = { onAsk(Asked.TAKE_BACK) })
            OtherButton(stringResource(R.string.own_edit), onEdit)
            OtherButton(stringResource(R.string.own_delete), { onAsk(Asked.DELETE) })
        }
    }
}

@Composable
private fun ShareButtons(standing: OwnStanding, onShare: (WhoReads) -> Unit, onTakeBack: () -> Unit) {
    when (standing.sharing) {
        Sharing.NOBODY_YET -> if (standing.readers == null) Quiet(stringResource(R.string.readers_nobody_yet))

        // To take something back is always possible.
        Sharing.QUIET_HOURS -> Quiet(stringResource(R.string.own_quiet_hours))

        Sharing.OFFERED -> {
            if (standing.readers != WhoReads.CARE_TEAM) {
                val words = if (standing.readers == null) R.string.own_share else R.string.own_share_only
                OtherButton(stringResource(words), { onShare(WhoReads.CARE_TEAM) })
            }
            if (standing.readers != WhoReads.TALK_IN_SESSION) {
                OtherButton(stringResource(R.string.own_talk), { onShare(WhoReads.TALK_IN_SESSION) })
            }
        }
    }
    if (standing.readers != null) OtherButton(stringResource(R.string.own_take_back), onTakeBack)
}
