package io.cachewire;

/** How the characters of a key become the bytes on the wire, and which ones are refused. */
public enum KeyEncoding {
    /** Printable ASCII, 0x21 to 0x7e; anything else is refused. What every other client can read. The default. */
    ASCII,
    /** Also characters above 0x7f, as UTF-8; the limit of 250 counts bytes. */
    UTF8,
    /**
     * Any characters, and with {@link Key#ofBytes} any bytes. A key that ASCII can carry goes as it is, so that every client reads it; another
     * goes as the base64 of its bytes, with the {@code b} flag of the meta protocol, which no other protocol has: there such a key is
     * refused. The limit is 186 bytes for those, 250 for the plain ones.
     */
    BASE64
}
