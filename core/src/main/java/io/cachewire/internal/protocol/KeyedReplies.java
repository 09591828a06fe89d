package io.cachewire.internal.protocol;

import io.cachewire.DataBlock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The replies to one {@link Request.GetAll} in the order of its keys. Items come in that order too, without those that are missing; only
 * some servers of the text dialect send them in another one.
 */
public final class KeyedReplies {
    /** What a key gets that nothing was said of. */
    public static final Reply MISS = new Reply.Status(Reply.Kind.END, Reply.NO_OPAQUE);

    /** What a key has for now when a later one was answered before it. */
    private static final Reply PASSED = new Reply.Status(Reply.Kind.END, Reply.NO_OPAQUE);

    private final Request.GetAll request;
    private final List<Reply> replies;
    private boolean ended;
    private boolean hasPassed;

    /** Where the next key is looked for; a parser is ahead of the replies by the line of one item. */
    private int next;

    public KeyedReplies(Request.GetAll request) {
        this.request = request;
        this.replies = new ArrayList<>(request.keys().size());
    }

    public boolean isEmpty() {
        return replies.isEmpty();
    }

    /** One of the keys that are left, each at most once. */
    @Nullable
    public DataBlock find(byte[] bytes, int from, int to) {
        for (int index = Math.max(next, replies.size()); index < request.keys().size(); index++) {
            DataBlock key = request.keys().get(index);
            if (key.isEqualTo(bytes, from, to)) {
                next = index + 1;
                return key;
            }
        }
        return null;
    }

    /** As {@link #find}, where the order may be another one: one of the keys before those that it looks at, too. */
    @Nullable
    public DataBlock findInAnyOrder(byte[] bytes, int from, int to) {
        DataBlock inOrder = find(bytes, from, to);
        for (int index = 0; inOrder == null && index < next; index++) {
            DataBlock key = request.keys().get(index);
            boolean isLeft = index >= replies.size() || replies.get(index) == PASSED;
            inOrder = isLeft && key.isEqualTo(bytes, from, to) ? key : null;
        }
        return inOrder;
    }

    /** The reply of the next key. */
    public void add(Reply reply) {
        replies.add(reply);
    }

    /** An item for one of the keys that are left; those before it get {@code others}. */
    public void add(Reply.Value item, Reply others) throws MalformedReply {
        int index = replies.size();
        while (index < request.keys().size() && !request.keys().get(index).equals(item.key())) {
            index++;
        }
        if (index == request.keys().size()) {
            throw doesNotFit(item);
        }
        fill(others, index);
        replies.add(item);
    }

    /** An item for any key that has none yet. */
    public void addInAnyOrder(Reply.Value item) throws MalformedReply {
        int index = replies.size();
        while (index < request.keys().size() && !request.keys().get(index).equals(item.key())) {
            index++;
        }
        if (index == request.keys().size()) {
            replies.set(passed(item), item);
            return;
        }
        hasPassed |= index > replies.size();
        fill(PASSED, index);
        replies.add(item);
    }

    private int passed(Reply.Value item) throws MalformedReply {
        for (int index = 0; index < replies.size(); index++) {
            if (replies.get(index) == PASSED && request.keys().get(index).equals(item.key())) {
                return index;
            }
        }
        throw doesNotFit(item);
    }

    /** All keys that are left get {@code others}. */
    public void end(Reply others) {
        if (hasPassed) {
            // behind an error nobody knows whether it was still to come
            replies.replaceAll(reply -> reply == PASSED ? others : reply);
        }
        fill(others, request.keys().size());
        ended = true;
    }

    private void fill(Reply with, int size) {
        while (replies.size() < size) {
            replies.add(with);
        }
    }

    public Reply.All whole() {
        if (!ended) {
            throw new IllegalStateException("not whole yet");
        }
        return new Reply.All(Collections.unmodifiableList(replies));
    }

    public static MalformedReply doesNotFit(Reply reply) {
        return new MalformedReply(reply.kind() + " does not answer the GET_ALL that is next in line");
    }
}
