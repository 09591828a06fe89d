package io.cachewire.internal.connection;

import io.cachewire.internal.protocol.Opcode;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Request;

/** An exchange that nobody waits for: the fixed end of a queue, or the no-op that fences quiet requests. */
public final class Sentinel extends Exchange {
    public static final Request NOOP = new Request.Server(Opcode.NOOP, "");

    public Sentinel() {
        super(NOOP, Long.MAX_VALUE);
    }

    @Override
    protected void onReply(Reply reply) {}

    @Override
    protected void onFailure(Failure failure) {}
}
