package org.kapcompanion.app.record

import android.net.http.X509TrustManagerExtensions
import java.security.KeyStore
import java.security.cert.CertificateException
import java.security.cert.CertificateFactory
import java.security.cert.X509Certificate
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager
import org.kapcompanion.core.CertificateTrust

/** A certificate may be used by a server: by its own purpose, or by any. */
private val FOR_SERVERS = setOf("1.3.6.1.5.5.7.3.1", "2.5.29.37.0")

/** Throws where the phone does not trust a chain: the certificates, the algorithm of the first one's key, the server. */
typealias Judge = (Array<X509Certificate>, String, String) -> Unit

/**
 * Whether this phone trusts a server, by the same judgment that every app on it gets: the core can't ask Android itself.
 * The core has checked already that the certificate names the server.
 */
class PlatformTrust(private val judge: Judge = phonesJudge()) : CertificateTrust {
    override fun trusts(certificates: List<ByteArray>, server: String): Boolean = try {
        val factory = CertificateFactory.getInstance("X.509")
        val chain = certificates.map { factory.generateCertificate(it.inputStream()) as X509Certificate }
        judge(chain.toTypedArray(), chain.first().publicKey.algorithm, server)
        chain.first().extendedKeyUsage?.any { it in FOR_SERVERS } ?: true
    } catch (_: CertificateException) {
        false
    }
}

/** Android's own judgment. What it is made of is looked up when it is first asked, which is never on the main thread. */
private fun phonesJudge(): Judge {
    val phones by lazy {
        val factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
        factory.init(null as KeyStore?)
        X509TrustManagerExtensions(factory.trustManagers.filterIsInstance<X509TrustManager>().first())
    }
    return { chain, algorithm, server -> phones.checkServerTrusted(chain, algorithm, server) }
}
