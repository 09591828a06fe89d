package io.cachewire.protocol;

/** The server's bytes are not a reply of the dialect; the connection cannot be used any more. The message shows them escaped and cut. */
public final class MalformedReply extends Exception {
    /** Made by parsers. */
    public MalformedReply(String what) {
        super(what, null, false, false);
    }
}
