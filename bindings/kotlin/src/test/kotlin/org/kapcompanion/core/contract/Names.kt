package org.kapcompanion.core.contract

import org.kapcompanion.core.CompanionException

/** The name of a variant without data, as the scenarios write it. */
internal fun nameOf(variant: Enum<*>): String =
    variant.name.split('_').joinToString("") { word -> word.take(1) + word.drop(1).lowercase() }

/** The name of a variant with data, as the scenarios write it. */
internal fun nameOf(variant: Any): String = variant.javaClass.simpleName

/** The name of an error, as the scenarios write it. No `else`: an error that is new or gone does not compile here. */
internal fun nameOf(error: CompanionException): String = when (error) {
    is CompanionException.WrongKey -> "WrongKey"
    is CompanionException.NoKey -> "NoKey"
    is CompanionException.VaultLocked -> "VaultLocked"
    is CompanionException.VaultFailed -> "VaultFailed"
    is CompanionException.NewerRecord -> "NewerRecord"
    is CompanionException.RecordLost -> "RecordLost"
    is CompanionException.Damaged -> "Damaged"
    is CompanionException.DiskFull -> "DiskFull"
    is CompanionException.NotWritable -> "NotWritable"
    is CompanionException.InUse -> "InUse"
    is CompanionException.DiskFailed -> "DiskFailed"
    is CompanionException.Invalid -> "Invalid"
    is CompanionException.Offline -> "Offline"
    is CompanionException.Untrusted -> "Untrusted"
    is CompanionException.BadAddress -> "BadAddress"
    is CompanionException.Refused -> "Refused"
    is CompanionException.BadAnswer -> "BadAnswer"
    is CompanionException.Canceled -> "Canceled"
    is CompanionException.Paused -> "Paused"
    is CompanionException.NotPaired -> "NotPaired"
    is CompanionException.AlreadyPaired -> "AlreadyPaired"
    is CompanionException.BadLink -> "BadLink"
    is CompanionException.BadRecoveryWords -> "BadRecoveryWords"
    is CompanionException.ChangedMeanwhile -> "ChangedMeanwhile"
    is CompanionException.NotFound -> "NotFound"
    is CompanionException.NotNow -> "NotNow"
    is CompanionException.Media -> "Media"
    is CompanionException.Import -> "Import"
    is CompanionException.Other -> "Other"
    is CompanionException.Internal -> "Internal"
}
