package org.kapcompanion.app.record

import android.content.Context
import android.content.pm.PackageManager
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import android.security.keystore.StrongBoxUnavailableException
import android.security.keystore.UserNotAuthenticatedException
import android.util.AtomicFile
import java.io.File
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyStore
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec
import org.kapcompanion.core.KeyVault
import org.kapcompanion.core.VaultException

private const val KEYSTORE = "AndroidKeyStore"
private const val ALIAS = "record"
private const val CIPHER = "AES/GCM/NoPadding"
private const val KEY_BITS = 256
private const val TAG_BITS = 128
private const val NONCE_BYTES = 12

/** The name of why a record can't be opened that came from another phone, or from before this one was reset. */
internal const val KEY_GONE = "key-gone"

/**
 * The record's key in a file of its own, wrapped by a key that never leaves the phone's Keystore. Called on threads of
 * the core, never on the main one.
 */
class AndroidKeyVault(private val file: File, private val hasStrongBox: Boolean) : KeyVault {
    constructor(context: Context) : this(File(recordFolder(context), "record.key"), hasStrongBox(context))

    override fun key(): ByteArray? {
        val wrapped = try {
            if (!file.exists()) return null
            AtomicFile(file).readFully()
        } catch (why: IOException) {
            throw unavailable(why)
        }
        // Restored to another phone, the file is here and its key is not: to make a new one would hide the record.
        val wrapping = wrappingKey() ?: throw VaultException.Unavailable(KEY_GONE)
        return answering {
            val cipher = Cipher.getInstance(CIPHER)
            cipher.init(Cipher.DECRYPT_MODE, wrapping, GCMParameterSpec(TAG_BITS, wrapped, 0, NONCE_BYTES))
            cipher.doFinal(wrapped, NONCE_BYTES, wrapped.size - NONCE_BYTES)
        }
    }

    override fun keepKey(key: ByteArray) {
        val wrapped = answering {
            val cipher = Cipher.getInstance(CIPHER)
            cipher.init(Cipher.ENCRYPT_MODE, wrappingKey() ?: newWrappingKey())
            cipher.iv + cipher.doFinal(key)
        }
        try {
            val atomic = AtomicFile(file)
            val out = atomic.startWrite()
            try {
                out.write(wrapped)
                atomic.finishWrite(out)
            } catch (why: IOException) {
                atomic.failWrite(out)
                throw why
            }
        } catch (why: IOException) {
            throw unavailable(why)
        }
    }

    /** Forgets the key, for good: what it sealed can be read by nobody any more. */
    fun forget() {
        // Without its file nobody has the key; that the Keystore forgets what wrapped it is one thing more.
        file.delete()
        try {
            KeyStore.getInstance(KEYSTORE).apply { load(null) }.deleteEntry(ALIAS)
        } catch (_: GeneralSecurityException) {
            return
        }
    }

    private fun wrappingKey(): SecretKey? =
        answering { KeyStore.getInstance(KEYSTORE).apply { load(null) }.getKey(ALIAS, null) as? SecretKey }

    private fun newWrappingKey(): SecretKey {
        if (hasStrongBox) {
            try {
                return generate { setIsStrongBoxBacked(true) }
            } catch (_: StrongBoxUnavailableException) {
                // It has one, and it is full or has no key of this size: the phone's other keeper of keys has.
            }
        }
        return generate { }
    }

    private fun generate(more: KeyGenParameterSpec.Builder.() -> Unit): SecretKey {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val spec = KeyGenParameterSpec.Builder(ALIAS, purposes)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setKeySize(KEY_BITS)
            .apply(more)
            .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, KEYSTORE).apply { init(spec) }.generateKey()
    }
}

/** What the Keystore says, in the core's two words for it. */
private fun <T> answering(ask: () -> T): T = try {
    ask()
} catch (_: UserNotAuthenticatedException) {
    throw VaultException.Locked()
} catch (_: KeyPermanentlyInvalidatedException) {
    throw VaultException.Unavailable(KEY_GONE)
} catch (why: GeneralSecurityException) {
    throw unavailable(why)
} catch (why: IllegalStateException) {
    throw unavailable(why)
} catch (why: IllegalArgumentException) {
    // A file that was cut off.
    throw unavailable(why)
}

/** Its kind alone: what it says can hold anything. */
private fun unavailable(why: Exception) = VaultException.Unavailable(why.javaClass.simpleName)

internal fun hasStrongBox(context: Context): Boolean =
    context.packageManager.hasSystemFeature(PackageManager.FEATURE_STRONGBOX_KEYSTORE)
