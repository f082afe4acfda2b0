package org.kapcompanion.app

import android.content.pm.PackageManager
import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import java.io.File
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.kapcompanion.app.record.AndroidKeyVault
import org.kapcompanion.app.record.recordFolder
import org.kapcompanion.core.VaultException
import org.robolectric.Shadows.shadowOf

@RunWith(AndroidJUnit4::class)
class VaultTest {
    private val file = File(ApplicationProvider.getApplicationContext<CompanionApp>().noBackupFilesDir, "key")
    private val vault = AndroidKeyVault(file, hasStrongBox = false)
    private val key = ByteArray(32) { it.toByte() }

    @Before fun install() = FakeAndroidKeyStore.install()

    @Test
    fun `the key comes back, and does not lie in its file`() {
        assertNull(vault.key())
        vault.keepKey(key)
        assertArrayEquals(key, vault.key())
        val bytes = file.readBytes().toList()
        assertFalse(bytes.windowed(key.size).any { it == key.toList() })
    }

    @Test
    fun `while the phone is locked there is no key, and none is said to be missing`() {
        vault.keepKey(key)
        FakeAndroidKeyStore.isLocked = true
        assertThrows(VaultException.Locked::class.java) { vault.key() }
    }

    @Test
    fun `a backup that was restored without its key is told apart from a first start`() {
        vault.keepKey(key)
        FakeAndroidKeyStore.loseKeys()
        assertThrows(VaultException.Unavailable::class.java) { vault.key() }
    }

    @Test
    fun `a file that was damaged gives no key`() {
        vault.keepKey(key)
        file.writeBytes(file.readBytes().also { it[20] = (it[20] + 1).toByte() })
        assertThrows(VaultException.Unavailable::class.java) { vault.key() }
        file.writeBytes(ByteArray(3))
        assertThrows(VaultException.Unavailable::class.java) { vault.key() }
    }

    private fun keptOnThisPhone(hasStrongBox: Boolean): ByteArray? {
        val app = ApplicationProvider.getApplicationContext<CompanionApp>()
        shadowOf(app.packageManager).setSystemFeature(PackageManager.FEATURE_STRONGBOX_KEYSTORE, hasStrongBox)
        recordFolder(app).mkdirs()
        AndroidKeyVault(app).keepKey(key)
        return AndroidKeyVault(app).key()
    }

    @Test
    fun `a phone that keeps keys in a chip of its own is asked to, and another is not`() {
        assertArrayEquals(key, keptOnThisPhone(hasStrongBox = true))
        assertTrue(FakeAndroidKeyStore.inStrongBox)
        FakeAndroidKeyStore.install()
        assertArrayEquals(key, keptOnThisPhone(hasStrongBox = false))
        assertFalse(FakeAndroidKeyStore.inStrongBox)
    }

    @Test
    fun `where that chip is full the phone's other keeper of keys has it`() {
        FakeAndroidKeyStore.strongBoxIsFull = true
        assertArrayEquals(key, keptOnThisPhone(hasStrongBox = true))
        assertFalse(FakeAndroidKeyStore.inStrongBox)
    }
}
