package org.kapcompanion.app.attach

import android.content.ContentResolver
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.net.Uri
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.IOException
import java.io.InputStream
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.kapcompanion.core.AttachmentStream
import org.kapcompanion.core.ByteSource
import org.kapcompanion.core.ByteSourceException
import org.kapcompanion.core.CompanionException

private const val JPEG_QUALITY = 90

/** More than a picture may have: the core says so of what is larger, and nothing endless comes into memory. */
private const val MOST_BYTES = 41 * 1024 * 1024

/** What is to be attached, as it comes: how much it is, what it is, and where its bytes are. */
class ToAttach(val length: ULong, val mediaType: String?, val source: ByteSource)

/** A file that was recorded: its bytes, read on a thread of the core's, tell of what format it is. */
internal suspend fun recordingToAttach(file: File): ToAttach =
    withContext(Dispatchers.IO) { ToAttach(file.length().toULong(), null, InputBytes(file.inputStream())) }

/** Bytes in memory. */
internal fun bytesToAttach(bytes: ByteArray, mediaType: String?): ToAttach =
    ToAttach(bytes.size.toULong(), mediaType, InputBytes(bytes.inputStream()))

/**
 * A picture that somebody chose. One of a format that the record does not take is drawn anew as a JPEG.
 *
 * @throws IOException where it can't be read.
 */
internal suspend fun pictureToAttach(resolver: ContentResolver, picture: Uri): ToAttach = withContext(Dispatchers.IO) {
    val bytes = try {
        resolver.openInputStream(picture)?.use { it.upTo(MOST_BYTES) } ?: throw IOException("nothing is there")
    } catch (why: SecurityException) {
        // It was shared with the app for a moment that is over.
        throw IOException(why)
    }
    when (val type = formatOf(bytes)) {
        null -> bytesToAttach(jpegOf(bytes), "image/jpeg")
        else -> bytesToAttach(bytes, type)
    }
}

/** Which of the formats that the record takes it is, by its first bytes and not by its name; nothing for any other. */
private fun formatOf(bytes: ByteArray): String? {
    val first = String(bytes, 0, minOf(bytes.size, 12), Charsets.ISO_8859_1)
    return when {
        first.startsWith("\u00FF\u00D8\u00FF") -> "image/jpeg"
        first.startsWith("\u0089PNG") -> "image/png"
        first.startsWith("RIFF") && first.endsWith("WEBP") -> "image/webp"
        else -> null
    }
}

private fun InputStream.upTo(most: Int): ByteArray {
    val taken = ByteArrayOutputStream()
    val piece = ByteArray(DEFAULT_BUFFER_SIZE)
    while (taken.size() < most) {
        val read = read(piece)
        if (read < 0) break
        taken.write(piece, 0, read)
    }
    return taken.toByteArray()
}

private fun jpegOf(bytes: ByteArray): ByteArray {
    val picture = BitmapFactory.decodeByteArray(bytes, 0, bytes.size) ?: throw IOException("no picture")
    return encoded(picture, Bitmap.CompressFormat.JPEG)
}

/** A picture as a file would have it. */
internal fun encoded(picture: Bitmap, format: Bitmap.CompressFormat): ByteArray {
    val bytes = ByteArrayOutputStream()
    picture.compress(format, JPEG_QUALITY, bytes)
    return bytes.toByteArray()
}

/** Bytes one after the other, as the core asks for them. */
private class InputBytes(private val input: InputStream) : ByteSource {
    override fun read(most: UInt): ByteArray = try {
        val piece = ByteArray(most.toInt().coerceAtMost(256 * 1024))
        val read = input.read(piece)
        if (read < 0) {
            input.close()
            ByteArray(0)
        } else {
            piece.copyOf(read)
        }
    } catch (_: IOException) {
        // What the system says of it can hold a name: it is not repeated.
        throw ByteSourceException.Unreadable("the file can't be read")
    }
}

/** A recording of the record, for a player: which asks on threads of its own, and waits there. */
internal class StreamSound(private val stream: AttachmentStream) : Sound {
    override val length: Long = stream.length().toLong()

    override fun read(at: Long, most: Int): ByteArray = try {
        runBlocking { stream.read(at.toULong(), most.toUInt()) }
    } catch (why: CompanionException) {
        throw IOException(why)
    }
}

/** All of it, for a picture. */
internal suspend fun AttachmentStream.whole(): ByteArray {
    val all = ByteArrayOutputStream()
    while (true) {
        val piece = read(all.size().toULong(), (1024 * 1024).toUInt())
        if (piece.isEmpty()) return all.toByteArray()
        all.write(piece)
    }
}
