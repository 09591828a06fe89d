package io.cachewire.internal.protocol.binary;

import io.cachewire.internal.protocol.GetAllAnswer;
import io.cachewire.internal.protocol.KeyedReplies;
import io.cachewire.internal.protocol.MalformedReply;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Request;

/**
 * What quiet reads have to say, each hit with its key, up to the answer of the no-op behind them. All carry one opaque; an error does not
 * say whose it is, so it goes to every key without an item.
 */
final class BinaryGetAllAnswer implements GetAllAnswer {
    private final KeyedReplies replies;
    private final int opaque;
    private Reply others = KeyedReplies.MISS;

    BinaryGetAllAnswer(Request.GetAll request, int opaque) {
        this.replies = new KeyedReplies(request);
        this.opaque = opaque;
    }

    @Override
    public boolean take(Reply reply) throws MalformedReply {
        if (reply.opaque() != opaque) {
            throw KeyedReplies.doesNotFit(reply);
        }
        if (reply.kind() == Reply.Kind.NOOP) {
            replies.end(others);
            return true;
        }
        if (reply instanceof Reply.Value item) {
            replies.add(item, others);
        } else if (reply.isError()) {
            others = reply;
        } else {
            throw KeyedReplies.doesNotFit(reply);
        }
        return false;
    }

    @Override
    public Reply.All whole() {
        return replies.whole();
    }
}
