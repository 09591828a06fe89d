package io.cachewire;

/** What becomes of a key that is longer than the protocol allows, namespace and encoding included. */
public enum LongKeys {
    /** It is refused. The default. */
    REFUSE,
    /**
     * Its begin is kept, and the rest stands as {@code -sha256-} and the 64 hexadecimal digits of the SHA-256 of the whole key: 250 bytes, or
     * 186 before base64. The same key always gives the same one. A key that has this form by itself is treated likewise, so that nobody
     * can name the item of a long key by a short one. The server is chosen by the shortened key.
     */
    HASH
}
