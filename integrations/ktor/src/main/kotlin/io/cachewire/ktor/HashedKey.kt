package io.cachewire.ktor

import java.security.MessageDigest
import java.util.Base64

/**
 * A key made of a prefix and the SHA-256 of a text: any text gives a legal key of 43 characters behind the prefix, and nobody who sees the key,
 * in a message, in a log or on the server, learns the text.
 */
internal fun hashedKey(prefix: String, text: String): String {
    val digest = MessageDigest.getInstance("SHA-256").digest(text.toByteArray())
    return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(digest)
}
