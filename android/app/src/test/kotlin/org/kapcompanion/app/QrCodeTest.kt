package org.kapcompanion.app

import androidx.test.ext.junit.runners.AndroidJUnit4
import com.google.zxing.common.BitMatrix
import com.google.zxing.qrcode.decoder.Decoder
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.kapcompanion.app.devices.qrCells

@RunWith(AndroidJUnit4::class)
class QrCodeTest {
    @Test
    fun `a camera reads the link that was drawn`() {
        val link = "kap://pair/" + "Qm9hdCBhbmQgcml2ZXI_-".repeat(9)
        val cells = qrCells(link)
        val matrix = BitMatrix(cells.size)
        for ((y, row) in cells.withIndex()) {
            for ((x, isDark) in row.withIndex()) if (isDark) matrix.set(x, y)
        }
        assertEquals(link, Decoder().decode(matrix).text)
    }
}
