package org.kapcompanion.core

/**
 * A sentence for a person, in plain English, with nothing of what anybody wrote. An app in another language branches on
 * the error itself. Never show `message`: it is the error as Kotlin would print it.
 */
public val CompanionException.words: String
    // An arm for each: what two errors share is no more than `CompanionException`, whose words these are.
    get() = when (this) {
        is CompanionException.WrongKey -> words
        is CompanionException.NoKey -> "there is a record on this phone, and its key is missing"
        is CompanionException.VaultLocked -> "the key is locked"
        is CompanionException.VaultFailed -> words
        is CompanionException.NewerRecord -> "the record was written by a newer version of the app; update it"
        is CompanionException.RecordLost -> words
        is CompanionException.Damaged -> words
        is CompanionException.DiskFull -> words
        is CompanionException.NotWritable -> words
        is CompanionException.InUse -> words
        is CompanionException.DiskFailed -> words
        is CompanionException.Invalid -> words
        is CompanionException.Offline -> words
        is CompanionException.Untrusted -> "the server's certificate is not trusted"
        is CompanionException.BadAddress -> words
        is CompanionException.Refused -> words
        is CompanionException.BadAnswer -> words
        is CompanionException.Canceled -> "it was canceled"
        is CompanionException.Paused -> "the app is paused"
        is CompanionException.NotPaired -> "this phone is not paired with a clinic yet"
        is CompanionException.AlreadyPaired -> "this phone is already paired with $clinic"
        is CompanionException.BadLink -> words
        is CompanionException.BadRecoveryWords -> words
        is CompanionException.ChangedMeanwhile -> words
        is CompanionException.NotFound -> words
        is CompanionException.NotNow -> words
        is CompanionException.Media -> words
        is CompanionException.Import -> words
        is CompanionException.Other -> words
        is CompanionException.Internal -> words
    }

/**
 * Whether the same call can go well a little later, with nothing changed by a person but the passing of time or a
 * better connection.
 */
public val CompanionException.isPassing: Boolean
    get() = when (this) {
        is CompanionException.Offline,
        is CompanionException.InUse,
        is CompanionException.VaultLocked,
        is CompanionException.Paused,
        is CompanionException.Canceled,
        is CompanionException.Internal,
        -> true
        is CompanionException.Refused -> isPassing
        is CompanionException.WrongKey,
        is CompanionException.NoKey,
        is CompanionException.VaultFailed,
        is CompanionException.NewerRecord,
        is CompanionException.RecordLost,
        is CompanionException.Damaged,
        is CompanionException.DiskFull,
        is CompanionException.NotWritable,
        is CompanionException.DiskFailed,
        is CompanionException.Invalid,
        is CompanionException.Untrusted,
        is CompanionException.BadAddress,
        is CompanionException.BadAnswer,
        is CompanionException.NotPaired,
        is CompanionException.AlreadyPaired,
        is CompanionException.BadLink,
        is CompanionException.BadRecoveryWords,
        is CompanionException.ChangedMeanwhile,
        is CompanionException.NotFound,
        is CompanionException.NotNow,
        is CompanionException.Media,
        is CompanionException.Import,
        is CompanionException.Other,
        -> false
    }
