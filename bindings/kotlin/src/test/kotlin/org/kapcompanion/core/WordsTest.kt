package org.kapcompanion.core

import org.junit.Assert.assertEquals
import org.junit.Test
import org.kapcompanion.core.CompanionException as Error

class WordsTest {
    /** One of each. */
    private val all: List<Error> = listOf(
        Error.WrongKey(SAID),
        Error.NoKey(),
        Error.VaultLocked(),
        Error.VaultFailed(SAID),
        Error.NewerRecord(2u, 1u),
        Error.RecordLost(SAID),
        Error.Damaged(SAID),
        Error.DiskFull(SAID),
        Error.NotWritable(SAID),
        Error.InUse(SAID),
        Error.DiskFailed(SAID),
        Error.Invalid("body", FieldProblem.Empty, SAID),
        Error.Offline(OfflineReason.TIMED_OUT, SAID),
        Error.Untrusted(),
        Error.BadAddress(SAID),
        Error.Refused("busy", true, SAID),
        Error.BadAnswer(SAID),
        Error.Canceled(),
        Error.Paused(),
        Error.NotPaired(),
        Error.AlreadyPaired("Harbor Clinic"),
        Error.BadLink(SAID),
        Error.BadRecoveryWords(SAID),
        Error.ChangedMeanwhile(SAID),
        Error.NotFound(MissingThing.DOCUMENT, SAID),
        Error.NotNow(NotNowReason.MovedOn, SAID),
        Error.Media(MediaReason.UNREADABLE, SAID),
        Error.Import(SAID),
        Error.Other(SAID),
        Error.Internal(SAID),
    )

    @Test
    fun `each error has a sentence for a person`() {
        assertEquals(Error::class.java.permittedSubclasses.toSet(), all.map { it.javaClass }.toSet())
        val own = mapOf(
            "NoKey" to "there is a record on this phone, and its key is missing",
            "VaultLocked" to "the key is locked",
            "NewerRecord" to "the record was written by a newer version of the app; update it",
            "Untrusted" to "the server's certificate is not trusted",
            "Canceled" to "it was canceled",
            "Paused" to "the app is paused",
            "NotPaired" to "this phone is not paired with a clinic yet",
            "AlreadyPaired" to "this phone is already paired with Harbor Clinic",
        )
        for (error in all) {
            val name = error.javaClass.simpleName
            assertEquals(name, own[name] ?: SAID, error.words)
        }
    }

    @Test
    fun `what passes by itself is told apart from what a person has to do something about`() {
        val passing = all.filter { it.isPassing }.map { it.javaClass.simpleName }
        assertEquals(listOf("VaultLocked", "InUse", "Offline", "Refused", "Canceled", "Paused", "Internal"), passing)
        val forGood: Error = Error.Refused("not_a_member", false, SAID)
        assertEquals(false, forGood.isPassing)
    }

    private companion object {
        const val SAID = "what is wrong, in plain words"
    }
}
