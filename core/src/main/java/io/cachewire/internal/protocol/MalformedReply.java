package io.cachewire.internal.protocol;

import io.cachewire.Escaped;
import java.nio.charset.StandardCharsets;

/**
 * The server's bytes are not a reply of the dialect; the connection cannot be used any more. The message shows them
 * escaped and cut.
 */
public final class MalformedReply extends Exception {
    /** Made by parsers. */
    public MalformedReply(String what) {
        super(what, null, false, false);
    }

    /** {@code what}, and the bytes that are wrong. */
    public static MalformedReply of(String what, byte[] bytes, int from, int to) {
        String shown = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        return new MalformedReply(what + ": \"" + Escaped.text(shown) + '"');
    }
}
