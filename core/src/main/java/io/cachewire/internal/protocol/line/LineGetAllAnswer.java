package io.cachewire.internal.protocol.line;

import io.cachewire.DataBlock;
import io.cachewire.internal.protocol.GetAllAnswer;
import io.cachewire.internal.protocol.KeyedReplies;
import io.cachewire.internal.protocol.MalformedReply;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Request;
import org.jspecify.annotations.Nullable;

/**
 * The items of a classic {@code get}, each with its key, up to {@code END}. In meta the first key is read by {@code mg}, so that its
 * opaque shows that the stream is in step before any key is believed.
 */
final class LineGetAllAnswer implements GetAllAnswer {
    private final KeyedReplies replies;
    private final int opaque;

    /** @param opaque of the read of the first key, or {@link Reply#NO_OPAQUE} when it is read like the others */
    LineGetAllAnswer(Request.GetAll request, int opaque) {
        this.replies = new KeyedReplies(request);
        this.opaque = opaque;
    }

    @Override
    public boolean take(Reply reply) throws MalformedReply {
        if (opaque != Reply.NO_OPAQUE && replies.isEmpty()) {
            takeFirst(reply);
            return false;
        }
        if (reply instanceof Reply.Value item && item.kind() == Reply.Kind.PART) {
            add(item);
            return false;
        }
        if (reply.isError()) {
            replies.end(reply);
            return true;
        }
        if (reply.opaque() != Reply.NO_OPAQUE) {
            throw KeyedReplies.doesNotFit(reply);
        }
        if (reply instanceof Reply.Value last) {
            add(last);
        } else if (reply.kind() != Reply.Kind.END) {
            throw KeyedReplies.doesNotFit(reply);
        }
        replies.end(KeyedReplies.MISS);
        return true;
    }

    /** In text some servers answer in an order of their own; a meta one keeps that of the keys. */
    private void add(Reply.Value item) throws MalformedReply {
        if (opaque == Reply.NO_OPAQUE) {
            replies.addInAnyOrder(item);
        } else {
            replies.add(item, KeyedReplies.MISS);
        }
    }

    private void takeFirst(Reply reply) throws MalformedReply {
        boolean fits = reply.opaque() == opaque
                && (reply.kind() == Reply.Kind.END || (reply instanceof Reply.Value item && item.key() == null));
        if (!fits && !reply.isError()) {
            throw KeyedReplies.doesNotFit(reply);
        }
        replies.add(reply);
    }

    @Override
    public @Nullable DataBlock find(byte[] bytes, int from, int to) {
        return opaque == Reply.NO_OPAQUE ? replies.findInAnyOrder(bytes, from, to) : replies.find(bytes, from, to);
    }

    @Override
    public Reply.All whole() {
        return replies.whole();
    }
}
