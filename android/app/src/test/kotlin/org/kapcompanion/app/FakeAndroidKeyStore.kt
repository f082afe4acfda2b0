package org.kapcompanion.app

import android.os.Looper
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.StrongBoxUnavailableException
import android.security.keystore.UserNotAuthenticatedException
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.SecureRandom
import java.security.Security
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import java.util.concurrent.ConcurrentHashMap
import javax.crypto.KeyGenerator
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey

/** Robolectric has no AndroidKeyStore: keys in memory, made by the JDK, found by their alias. It tests our use alone. */
class FakeAndroidKeyStore : Provider("AndroidKeyStore", "1.0", "keys in memory, for tests") {
    init {
        put("KeyStore.AndroidKeyStore", Store::class.java.name)
        put("KeyGenerator.AES", Aes::class.java.name)
    }

    /** Makes keys. */
    class Aes : KeyGeneratorSpi() {
        private lateinit var spec: KeyGenParameterSpec

        override fun engineInit(random: SecureRandom?) = error("needs a KeyGenParameterSpec")

        override fun engineInit(keysize: Int, random: SecureRandom?) = error("needs a KeyGenParameterSpec")

        override fun engineInit(params: AlgorithmParameterSpec?, random: SecureRandom?) {
            spec = params as KeyGenParameterSpec
        }

        override fun engineGenerateKey(): SecretKey {
            if (spec.isStrongBoxBacked && strongBoxIsFull) throw StrongBoxUnavailableException()
            inStrongBox = spec.isStrongBoxBacked
            val made = KeyGenerator.getInstance("AES", "BC").apply { init(spec.keySize) }.generateKey()
            keys[spec.keystoreAlias] = made
            return made
        }
    }

    /** Keeps keys. */
    class Store : KeyStoreSpi() {
        override fun engineLoad(stream: InputStream?, password: CharArray?) = Unit

        override fun engineGetKey(alias: String, password: CharArray?): Key? {
            askedOnMain = askedOnMain || Looper.myLooper() == Looper.getMainLooper()
            asked += 1
            if (isLocked) throw UserNotAuthenticatedException()
            return keys[alias]
        }

        override fun engineContainsAlias(alias: String) = alias in keys

        override fun engineIsKeyEntry(alias: String) = alias in keys

        override fun engineDeleteEntry(alias: String) {
            keys -= alias
        }

        override fun engineAliases(): Enumeration<String> = Collections.enumeration(keys.keys)

        override fun engineSize() = keys.size

        override fun engineGetCreationDate(alias: String) = Date(0)

        override fun engineGetCertificateChain(alias: String?): Array<Certificate>? = null

        override fun engineGetCertificate(alias: String?): Certificate? = null

        override fun engineIsCertificateEntry(alias: String?) = false

        override fun engineGetCertificateAlias(cert: Certificate?): String? = null

        override fun engineSetKeyEntry(alias: String?, key: Key?, pass: CharArray?, chain: Array<out Certificate>?) =
            error("unused")

        override fun engineSetKeyEntry(alias: String?, key: ByteArray?, chain: Array<out Certificate>?) =
            error("unused")

        override fun engineSetCertificateEntry(alias: String?, cert: Certificate?) = error("unused")

        override fun engineStore(stream: OutputStream?, password: CharArray?) = error("unused")
    }

    companion object {
        private val keys: MutableMap<String, SecretKey> = ConcurrentHashMap()

        /** Whether the phone is locked. */
        @Volatile var isLocked = false

        /** Whether the phone's keeper of keys in a chip of its own takes no more. */
        @Volatile var strongBoxIsFull = false

        /** Whether the last key was made in that. */
        @Volatile var inStrongBox = false

        /** Whether it was ever asked on the main thread. */
        @Volatile var askedOnMain = false

        /** How often it was asked. */
        @Volatile var asked = 0

        /** An empty one, in place of the one before. */
        fun install() {
            keys.clear()
            isLocked = false
            strongBoxIsFull = false
            inStrongBox = false
            askedOnMain = false
            asked = 0
            Security.removeProvider("AndroidKeyStore")
            Security.addProvider(FakeAndroidKeyStore())
        }

        /** As on a phone that a backup was restored to: files are there, and keys are not. */
        fun loseKeys() = keys.clear()
    }
}
