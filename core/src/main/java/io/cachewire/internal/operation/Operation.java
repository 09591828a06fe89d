package io.cachewire.internal.operation;

import io.cachewire.DataBlock;
import io.cachewire.Key;
import io.cachewire.MemcachedException;
import io.cachewire.ProtocolException;
import io.cachewire.RetryPolicy;
import io.cachewire.ServerAddress;
import io.cachewire.ServerErrorException;
import io.cachewire.ValueTooLargeException;
import io.cachewire.internal.protocol.Opcode;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Request;
import io.cachewire.observe.Outcome;
import io.cachewire.observe.Verb;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a verb means: its arguments, checked and encoded when it is made, as a request; a reply as the caller's result. Immutable.
 *
 * @param <R> type of the result; null where a miss is one
 */
public abstract class Operation<R extends @Nullable Object> {
    private static final Set<Opcode> IDEMPOTENT =
            EnumSet.of(Opcode.SET, Opcode.DELETE, Opcode.TOUCH, Opcode.GET_AND_TOUCH, Opcode.MARK_STALE);

    private final @Nullable Key key;
    private final Request request;
    private final Scope scope;

    Operation(@Nullable Key key, Request request, Scope scope) {
        this.key = key;
        DataBlock behindBase64 = key == null ? null : scope.keys().behindBase64(key);
        this.request = behindBase64 == null ? request : new Request.Base64(request, behindBase64);
        this.scope = scope;
    }

    /** The full key, or null for a server command. */
    public final @Nullable Key key() {
        return key;
    }

    /** Whose operation it is: the settings of one view. */
    final Scope scope() {
        return scope;
    }

    /** What is sent. */
    public final Request request() {
        return request;
    }

    /** What is done, whichever way the key goes. */
    final Opcode opcode() {
        return request.plain().opcode();
    }

    /** Total time from submission to reply. */
    public final long timeoutNanos() {
        return scope.timeoutNanos();
    }

    /** The bytes that decide the server. */
    public final DataBlock routingKey() {
        DataBlock routing = key == null ? null : key.routingBytes();
        return routing == null ? request.key() : routing;
    }

    /** True when it changes nothing, so that it may be sent again after a connection was lost. */
    public boolean isRead() {
        return false;
    }

    /** What sending it twice may do. An opcode that is not named here is taken for the worst. */
    public final RetryPolicy.Effect effect() {
        if (isRead()) {
            return RetryPolicy.Effect.READ;
        }
        return IDEMPOTENT.contains(opcode()) ? RetryPolicy.Effect.IDEMPOTENT : RetryPolicy.Effect.ONCE;
    }

    /** What it is called for those who listen. */
    public final Verb verb() {
        Request plain = request instanceof Request.Base64 wrapped ? wrapped.encoded() : request;
        return switch (plain.opcode()) {
            case GET, GET_ALL -> Verb.GET;
            case GETS -> Verb.GETS;
            case ITEM -> Verb.ITEM;
            case GET_AND_TOUCH -> Verb.GET_AND_TOUCH;
            case TOUCH -> Verb.TOUCH;
            case SET -> Verb.SET;
            case ADD -> Verb.ADD;
            case REPLACE -> Verb.REPLACE;
            case APPEND -> Verb.APPEND;
            case PREPEND -> Verb.PREPEND;
            case CAS -> Verb.CAS;
            case INCREMENT -> Verb.INCREMENT;
            case DECREMENT -> Verb.DECREMENT;
            case DELETE -> Verb.DELETE;
            case MARK_STALE -> Verb.MARK_STALE;
            case META -> verb(((Request.Meta) plain).verb());
            case BASE64_KEY -> throw new IllegalStateException("a key in base64 within another");
            case NOOP -> Verb.NOOP;
            case VERSION -> Verb.VERSION;
            case STATS -> Verb.STATS;
            case FLUSH_ALL -> Verb.FLUSH_ALL;
            case VERBOSITY -> Verb.VERBOSITY;
        };
    }

    private static Verb verb(Request.MetaVerb verb) {
        return switch (verb) {
            case GET -> Verb.META_GET;
            case SET -> Verb.META_SET;
            case DELETE -> Verb.META_DELETE;
            case ARITHMETIC -> Verb.META_COUNT;
        };
    }

    /** The namespace of the view that it is called through. */
    public final String namespace() {
        return scope.namespace();
    }

    /** How a reply that is no error, and the result that was made of it, look to those who listen. */
    public abstract Outcome outcome(Reply reply, @Nullable Object result);

    /**
     * The result of a reply that answers the request; runs on the caller's side.
     *
     * @param server where the request had gone, as far as known
     * @throws MemcachedException when the reply is an error, or the value cannot be decoded
     */
    @SuppressWarnings("NullAway") // R is a nullable type wherever null is a result, which NullAway cannot see
    public final R result(Reply reply, @Nullable ServerAddress server) {
        if (reply instanceof Reply.Line line && reply.isError()) {
            throw error(line, server);
        }
        if (reply instanceof Reply.Value value && value.hasWideFlags()) {
            throw new ProtocolException(
                    "the item has client flags of more than 32 bits",
                    MemcachedException.Delivery.ANSWERED,
                    server,
                    key);
        }
        if (reply instanceof Reply.Value value && value.isSkipped()) {
            throw new ValueTooLargeException(
                    value.cas() + " bytes came, of at most " + scope.maxValueBytes() + " (maxValueBytes)",
                    MemcachedException.Delivery.ANSWERED,
                    server,
                    key);
        }
        return read(reply, server);
    }

    /** What a failed call gives its caller: an exception, unless the caller wants failed reads to look like misses. */
    @SuppressWarnings("NullAway") // as above
    final R failed(MemcachedException failure) {
        return onFailure(failure);
    }

    /** The result of a reply that is no error. */
    abstract @Nullable R read(Reply reply, @Nullable ServerAddress server);

    /** A failed call: throws, unless the caller wants failed reads to look like misses. */
    @Nullable
    R onFailure(MemcachedException failure) {
        throw failure;
    }

    /** The exception for an error line. */
    MemcachedException error(Reply.Line line, @Nullable ServerAddress server) {
        String text = line.text().isEmpty() ? line.kind().name() : line.kind().name() + " " + line.text();
        return new ServerErrorException(text, line.kind() == Reply.Kind.SERVER_ERROR, server, key);
    }

    final MemcachedException unexpected(Reply reply, @Nullable ServerAddress server) {
        return new ProtocolException(
                reply.kind() + " is no answer to " + opcode(), MemcachedException.Delivery.INDETERMINATE, server, key);
    }
}
