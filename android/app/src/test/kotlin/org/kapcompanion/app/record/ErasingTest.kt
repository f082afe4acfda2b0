package org.kapcompanion.app.record

import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import java.security.Key
import java.security.KeyStore
import org.junit.Assert.assertNotEquals
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.kapcompanion.app.CompanionApp
import org.kapcompanion.app.Phone
import org.kapcompanion.app.doing

/** What erasing the record leaves of its key. */
@RunWith(AndroidJUnit4::class)
class ErasingTest {
    @get:Rule val phone = Phone()

    private val app: CompanionApp = ApplicationProvider.getApplicationContext()

    private fun wrapping(): Key? = KeyStore.getInstance("AndroidKeyStore").apply { load(null) }.getKey("record", null)

    @Test
    fun `what wrapped the key goes out of the Keystore with the record`() {
        app.doing { app.door.use { it.status() } }
        val before = checkNotNull(wrapping())
        app.doing { app.door.erase() }
        // A copy of the wrapped key may lie somewhere still: nothing may open it.
        assertNotEquals("the Keystore still has it", before, wrapping())
    }
}
