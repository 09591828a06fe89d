package io.cachewire;

/** How the characters of a key become the bytes on the wire, and which ones are refused. */
public enum KeyEncoding {
    /** Printable ASCII, 0x21 to 0x7e; anything else is refused. What every other client can read. The default. */
    ASCII,
    /** Also characters above 0x7f, as UTF-8; the limit of 250 counts bytes. */
    UTF8
}
