package org.kapcompanion.app

import androidx.test.ext.junit.runners.AndroidJUnit4
import java.security.cert.CertificateException
import java.security.cert.CertificateFactory
import java.security.cert.X509Certificate
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.kapcompanion.app.record.PlatformTrust

/** The phone's judgment of servers, as the core asks for it. */
@RunWith(AndroidJUnit4::class)
class PlatformTrustTest {
    private val server = certificate("server")
    private val authority = certificate("authority")

    @Test
    fun `the phone is asked about the whole chain, for that server`() {
        var asked: Triple<List<X509Certificate>, String, String>? = null
        val trust = PlatformTrust { chain, algorithm, name -> asked = Triple(chain.toList(), algorithm, name) }
        assertTrue(trust.trusts(listOf(server, authority), "sync.example"))
        val (chain, algorithm, name) = checkNotNull(asked)
        assertArrayEquals(server, chain[0].encoded)
        assertArrayEquals(authority, chain[1].encoded)
        assertEquals("EC" to "sync.example", algorithm to name)
    }

    @Test
    fun `whom the phone does not trust is not trusted`() {
        val trust = PlatformTrust { _, _, _ -> throw CertificateException("not known here") }
        assertFalse(trust.trusts(listOf(server), "sync.example"))
        // Nobody's list of authorities has this one: asked of the system itself, and nothing in between.
        assertFalse(PlatformTrust().trusts(listOf(server, authority), "sync.example"))
    }

    @Test
    fun `a certificate that is not for servers is not trusted, whoever signed it`() {
        val trust = PlatformTrust { _, _, _ -> }
        assertFalse(trust.trusts(listOf(certificate("mail")), "sync.example"))
        assertTrue(trust.trusts(listOf(certificate("any")), "sync.example"))
    }

    @Test
    fun `what is no certificate is not trusted`() {
        val trust = PlatformTrust { _, _, _ -> }
        assertFalse(trust.trusts(listOf(byteArrayOf(1, 2, 3)), "sync.example"))
        assertFalse(trust.trusts(listOf(server, byteArrayOf()), "sync.example"))
    }

    private fun certificate(name: String): ByteArray {
        val resource = checkNotNull(javaClass.getResourceAsStream("/certificates/$name.pem"))
        return resource.use { CertificateFactory.getInstance("X.509").generateCertificate(it) }.encoded
    }
}
