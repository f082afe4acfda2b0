package org.kapcompanion.app

import androidx.compose.runtime.Composable
import java.util.UUID
import org.kapcompanion.app.checkin.OneSaidScreen
import org.kapcompanion.app.checkin.SaidScreen
import org.kapcompanion.app.journal.EditScreen
import org.kapcompanion.app.journal.EntryScreen
import org.kapcompanion.app.sharing.Asked
import org.kapcompanion.app.sharing.Became
import org.kapcompanion.app.sharing.OwnActions
import org.kapcompanion.app.sharing.OwnItem
import org.kapcompanion.app.sharing.OwnKind
import org.kapcompanion.app.sharing.OwnStanding
import org.kapcompanion.app.sharing.SharedScreen
import org.kapcompanion.app.sharing.SharedThings
import org.kapcompanion.app.sharing.WordingsScreen
import org.kapcompanion.app.ui.Loaded
import org.kapcompanion.app.ui.Saving
import org.kapcompanion.app.ui.Sharing
import org.kapcompanion.core.ApartView
import org.kapcompanion.core.CheckInPage
import org.kapcompanion.core.CheckInView
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.DeletedItemView
import org.kapcompanion.core.Delivery
import org.kapcompanion.core.DocumentHead
import org.kapcompanion.core.HowFar
import org.kapcompanion.core.NotNowReason
import org.kapcompanion.core.RemainsView
import org.kapcompanion.core.TwoWordingsView
import org.kapcompanion.core.WhoReads

private val Remains = RemainsView(
    reached = HowFar.OPENED,
    isShared = true,
    atTheClinic = "What the clinic has received it may have to keep as a part of its records.",
    onceTakenBack = "It is private again. What the clinic has received it may have to keep as a part of its records.",
    onceDeleted = "Its words go from this phone at once, and from your other phones once they hear of it. " +
        "Exports, and backups that were made before, still hold it."
)

private fun saidHead(name: String, delivery: Delivery): DocumentHead = Entries[0].head.copy(
    id = UUID.nameUUIDFromBytes(name.toByteArray()),
    delivery = delivery,
    isShared = delivery !is Delivery.OnlyYours
)

private fun said(step: Int, note: String, delivery: Delivery) = CheckInView(
    saidHead(note, delivery),
    valence = step.toUByte(),
    energy = null,
    anxiety = null,
    sleep = null,
    feelings = emptyList(),
    note = note,
    visibility = if (delivery is Delivery.OnlyYours) WhoReads.ONLY_ME else WhoReads.CARE_TEAM,
    at = At
)

private val CheckedIn = listOf(
    said(6, "Slept through.", Delivery.Opened("Maya Lindqvist", At)),
    said(2, "", Delivery.OnlyYours)
)

private val Shared = SharedThings(
    CLINIC,
    listOf(
        OwnItem(OwnKind.ENTRY, Entries[0].head, WhoReads.TALK_IN_SESSION, LONG, at = At) to Remains,
        OwnItem(OwnKind.CHECK_IN, CheckedIn[0].head, WhoReads.CARE_TEAM, "Slept through.", 6, At) to Remains,
        OwnItem(OwnKind.ANSWERS, saidHead("PHQ-9", Delivery.Sent), WhoReads.CARE_TEAM, "PHQ-9", at = At) to Remains
    ),
    listOf(DeletedItemView("entry", At, Remains))
)

private val Apart = ApartView(
    id = Entries[0].head.id,
    kind = "entry",
    revision = "2",
    apart = listOf(TwoWordingsView("body", listOf("The boat came back.", "The boat was smaller this time."))),
    isOursToChoose = true,
    shared = true
)

private val Full = CompanionException.DiskFull("the disk is full")

@Composable
private fun Entry(standing: OwnStanding, asked: Asked = Asked.NOTHING, became: Became = Became.Same) =
    EntryScreen(Loaded.Here(Entries[0]), Somewhere) {
        OwnActions(Loaded.Here(standing), asked, became, {}, {}, {}, {}, {})
    }

@Composable
private fun SharedWith(loaded: Loaded<SharedThings>, asked: UUID? = null, takingBack: Saving = Saving.Not) =
    SharedScreen(loaded, asked, takingBack, Somewhere, onOpen = {}, onAsk = {}, onTakeBack = {})

@Composable
private fun SaidWith(loaded: Loaded<CheckInPage>) = SaidScreen(loaded, Somewhere, {}, {}, {})

@Composable
private fun Edit(saving: Saving) =
    EditScreen(Loaded.Here(Entries[0]), "The boat", LONG, saving, Somewhere, onName = {}, onType = {}, onSave = {})

/** What a person shares, takes back, edits and deletes. */
val SharingScreens: Map<String, @Composable () -> Unit> = mapOf(
    "entry-private" to { Entry(OwnStanding(Sharing.OFFERED, null, Remains)) },
    "entry-shared" to { Entry(OwnStanding(Sharing.OFFERED, WhoReads.CARE_TEAM, Remains)) },
    "entry-quiet" to { Entry(OwnStanding(Sharing.QUIET_HOURS, WhoReads.TALK_IN_SESSION, Remains)) },
    "entry-alone" to { Entry(OwnStanding(Sharing.NOBODY_YET, null, Remains)) },
    "entry-take-back" to { Entry(OwnStanding(Sharing.OFFERED, WhoReads.CARE_TEAM, Remains), Asked.TAKE_BACK) },
    "entry-delete" to { Entry(OwnStanding(Sharing.OFFERED, WhoReads.CARE_TEAM, Remains), Asked.DELETE) },
    "entry-not-shared" to {
        val why = CompanionException.NotNow(
            NotNowReason.QuietHours(At),
            "in the quiet hours of your session nothing is shared that can wait"
        )
        Entry(OwnStanding(Sharing.OFFERED, null, Remains), became = Became.Failed(why))
    },
    "edit" to { Edit(Saving.Not) },
    "edit-full" to { Edit(Saving.Failed(Full)) },
    "said" to { SaidWith(Loaded.Here(CheckInPage(CheckedIn, "more"))) },
    "said-empty" to { SaidWith(Loaded.Here(CheckInPage(emptyList(), null))) },
    "said-loading" to { SaidWith(Loaded.NotYet) },
    "said-one" to {
        OneSaidScreen(Loaded.Here(CheckedIn[0]), Somewhere) {
            val standing = OwnStanding(Sharing.OFFERED, WhoReads.CARE_TEAM, Remains)
            OwnActions(Loaded.Here(standing), Asked.NOTHING, Became.Same, {}, {}, {}, {}, {})
        }
    },
    "shared" to { SharedWith(Loaded.Here(Shared)) },
    "shared-take-back" to { SharedWith(Loaded.Here(Shared), Entries[0].head.id, Saving.Failed(Full)) },
    "shared-empty" to { SharedWith(Loaded.Here(SharedThings(CLINIC, emptyList(), emptyList()))) },
    "shared-loading" to { SharedWith(Loaded.NotYet) },
    "shared-problem" to { SharedWith(Loaded.Problem(CompanionException.Damaged("the record is damaged"))) },
    "wordings" to { WordingsScreen(Loaded.Here(listOf(Apart)), Saving.Not, Somewhere) { _, _, _ -> } },
    "wordings-clinic" to {
        WordingsScreen(Loaded.Here(listOf(Apart.copy(isOursToChoose = false))), Saving.Not, Somewhere) { _, _, _ -> }
    },
    "wordings-none" to { WordingsScreen(Loaded.Here(emptyList()), Saving.Not, Somewhere) { _, _, _ -> } }
)
