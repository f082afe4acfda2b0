package org.kapcompanion.app

import java.time.Instant
import java.util.UUID
import org.kapcompanion.app.record.Reached
import org.kapcompanion.app.ui.Around
import org.kapcompanion.core.CompanionException
import org.kapcompanion.core.Delivery
import org.kapcompanion.core.DocumentHead
import org.kapcompanion.core.EntryKind
import org.kapcompanion.core.EntryView
import org.kapcompanion.core.LocalMoment
import org.kapcompanion.core.OfflineReason
import org.kapcompanion.core.WhoReads

internal val Somewhere = Around(onHelp = {}, onBack = {})
internal val First = Around(onHelp = {}, onBack = null)
internal val At = LocalMoment(Instant.ofEpochSecond(1_780_000_000), 120)
internal val Offline =
    Reached.NotNow(CompanionException.Offline(OfflineReason.UNREACHABLE, "the server cannot be reached"))
internal const val CLINIC = "Harbor Street Clinic"
internal const val LONG =
    "Woke before the alarm and lay listening to the rain. The image of the boat came back, smaller this time, " +
        "and I could look at it without holding my breath. I want to tell Maya about the rope."

internal fun entry(body: String, delivery: Delivery, shared: Boolean): EntryView = EntryView(
    head = DocumentHead(
        id = UUID.nameUUIDFromBytes(body.toByteArray()),
        revision = "1",
        happened = At,
        clockAhead = false,
        isShared = shared,
        edited = null,
        received = At.instant,
        delivery = delivery,
        twoWordings = emptyList()
    ),
    title = if (shared) "What do you notice in everyday life?" else "",
    body = body,
    kind = EntryKind.Reflection,
    mood = null,
    session = null,
    tags = emptyList(),
    visibility = if (shared) WhoReads.TALK_IN_SESSION else WhoReads.ONLY_ME,
    at = At
)

internal val Entries = listOf(
    entry(LONG, Delivery.Delivered(CLINIC, At), shared = true),
    entry("Slept well, walked by the river.", Delivery.OnlyYours, shared = false)
)
