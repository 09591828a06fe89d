package io.cachewire.connection;

import io.cachewire.protocol.Opcode;
import io.cachewire.protocol.Reply;
import io.cachewire.protocol.Request;

/** An exchange that nobody waits for: the fixed end of a queue, or the no-op that fences quiet requests. */
final class Sentinel extends Exchange {
    static final Request NOOP = new Request.Server(Opcode.NOOP, "");

    Sentinel() {
        super(NOOP, Long.MAX_VALUE);
    }

    @Override
    protected void onReply(Reply reply) {}

    @Override
    protected void onFailure(Failure failure) {}
}
