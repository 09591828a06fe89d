package io.cachewire.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The replies to one {@link Request.GetAll}, as they come. Items carry their keys and come in the order of the request, which is how
 * each is matched; in meta the first key is read by {@code mg}, so that its opaque shows that the stream is in step before any key
 * is believed. Not thread-safe.
 */
public final class GetAllAnswer {
    private static final Reply MISS = new Reply.Status(Reply.Kind.END, Reply.NO_OPAQUE);

    private final Request.GetAll request;
    private final int opaque;
    private final List<Reply> replies;

    /** @param opaque of the read of the first key, or {@link Reply#NO_OPAQUE} when it is read like the others */
    GetAllAnswer(Request.GetAll request, int opaque) {
        this.request = request;
        this.opaque = opaque;
        this.replies = new ArrayList<>(request.keys().size());
    }

    /**
     * Takes the next reply of the connection.
     *
     * @return true when it was the last
     * @throws MalformedReply when it does not fit: the stream is out of step
     */
    public boolean take(Reply reply) throws MalformedReply {
        if (opaque != Reply.NO_OPAQUE && replies.isEmpty()) {
            takeFirst(reply);
            return false;
        }
        if (reply instanceof Reply.Part part) {
            takeItem(part.item());
            return false;
        }
        if (reply instanceof Reply.Value last) {
            takeItem(last);
        } else if (reply.isError()) {
            fill(reply, request.keys().size());
        } else if (reply.kind() != Reply.Kind.END || reply.opaque() != Reply.NO_OPAQUE) {
            throw doesNotFit(reply);
        }
        fill(MISS, request.keys().size());
        return true;
    }

    private void takeFirst(Reply reply) throws MalformedReply {
        boolean fits = reply.opaque() == opaque
                && (reply.kind() == Reply.Kind.END || reply instanceof Reply.Value item && item.key() == null);
        if (!fits && !reply.isError()) {
            throw doesNotFit(reply);
        }
        replies.add(reply);
    }

    private void takeItem(Reply.Value item) throws MalformedReply {
        int index = replies.size();
        while (index < request.keys().size()
                && !request.keys().get(index).equals(item.key())) {
            index++;
        }
        if (item.opaque() != Reply.NO_OPAQUE || index == request.keys().size()) {
            throw doesNotFit(item);
        }
        fill(MISS, index);
        replies.add(item);
    }

    private void fill(Reply with, int size) {
        while (replies.size() < size) {
            replies.add(with);
        }
    }

    private static MalformedReply doesNotFit(Reply reply) {
        return new MalformedReply(reply.kind() + " does not answer the GET_ALL that is next in line");
    }

    /** All of it, when {@link #take} was true. */
    public Reply.All whole() {
        if (replies.size() < request.keys().size()) {
            throw new IllegalStateException("not whole yet");
        }
        return new Reply.All(Collections.unmodifiableList(replies));
    }
}
