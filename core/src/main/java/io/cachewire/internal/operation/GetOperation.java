package io.cachewire.internal.operation;

import io.cachewire.CasValue;
import io.cachewire.FailureMode;
import io.cachewire.Item;
import io.cachewire.Key;
import io.cachewire.MemcachedException;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.SerdeException;
import io.cachewire.ServerAddress;
import io.cachewire.ServerCapability;
import io.cachewire.UnsupportedByServerException;
import io.cachewire.ValueType;
import io.cachewire.internal.protocol.Opcode;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Request;
import io.cachewire.observe.Outcome;
import io.cachewire.serde.EncodedValue;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The verbs that read a value: get, gets, item, get-and-touch. A miss is null, and so is a value whose serde says so.
 *
 * @param <T> type of the value
 * @param <R> what the caller gets: the value, or something around it
 */
public final class GetOperation<T, R> extends Operation<@Nullable R> {
    private final ValueType<T> type;
    private final Shape<T, R> shape;

    /** What is made of a hit. One for all operations of a kind: it takes nothing along. */
    private interface Shape<T, R> {
        /** {@code value} is null when the serde takes it for a miss. */
        @Nullable
        R of(Reply.Value reply, @Nullable T value);
    }

    private GetOperation(Key key, Request request, ValueType<T> type, Shape<T, R> shape, Scope scope) {
        super(key, request, scope);
        this.type = type;
        this.shape = shape;
    }

    static <T> GetOperation<T, T> get(Key key, Request request, ValueType<T> type, Scope scope) {
        return new GetOperation<>(key, request, type, (reply, value) -> value, scope);
    }

    static <T> GetOperation<T, CasValue<T>> gets(Key key, Request request, ValueType<T> type, Scope scope) {
        return new GetOperation<>(
                key, request, type, (reply, value) -> value == null ? null : new CasValue<>(value, reply.cas()), scope);
    }

    static <T> GetOperation<T, Update.Held<T>> held(Key key, Request request, ValueType<T> type, Scope scope) {
        return new GetOperation<>(key, request, type, (reply, value) -> new Update.Held<>(value, reply.cas()), scope);
    }

    static <T> GetOperation<T, Item<T>> item(Key key, Request request, ValueType<T> type, Scope scope) {
        return new GetOperation<>(
                key, request, type, (reply, value) -> value == null ? null : toItem(reply, value), scope);
    }

    static <T> Item<T> toItem(Reply.Value reply, T value) {
        Reply.ItemMeta meta = reply.meta();
        int size = reply.data().length();
        return meta == null
                ? new Item<>(value, reply.flags(), reply.cas(), null, null, false, size)
                : new Item<>(
                        value,
                        reply.flags(),
                        reply.cas(),
                        seconds(meta.ttl()),
                        seconds(meta.lastAccess()),
                        meta.hitBefore(),
                        size);
    }

    static @Nullable Duration seconds(long count) {
        return count < 0 ? null : Duration.ofSeconds(count);
    }

    @Override
    public boolean isRead() {
        return opcode() != Opcode.GET_AND_TOUCH;
    }

    @Override
    @Nullable
    R read(Reply reply, @Nullable ServerAddress server) {
        if (reply instanceof Reply.Value hit) {
            if (hit.isPlaceholder()) {
                return shape.of(hit, null);
            }
            Key key = Objects.requireNonNull(key());
            try {
                return shape.of(
                        hit, scope().serdes().decode(key.name(), new EncodedValue(hit.data(), hit.flags()), type));
            } catch (SerdeException e) {
                throw e.at(Delivery.ANSWERED, server, key);
            }
        }
        if (reply.kind() == Reply.Kind.END || reply.kind() == Reply.Kind.NOT_FOUND) {
            return null;
        }
        throw unexpected(reply, server);
    }

    @Override
    MemcachedException error(Reply.Line line, @Nullable ServerAddress server) {
        boolean isUnknown = line.kind() == Reply.Kind.ERROR && line.text().isEmpty();
        return isUnknown && server != null && opcode() == Opcode.GET_AND_TOUCH
                ? new UnsupportedByServerException(ServerCapability.GET_AND_TOUCH, server, key())
                : super.error(line, server);
    }

    @Override
    @Nullable
    R onFailure(MemcachedException failure) {
        if (scope().failureMode() == FailureMode.MISS && Scope.isFaultOfServer(failure)) {
            return null;
        }
        throw failure;
    }

    @Override
    public Outcome outcome(Reply reply, @Nullable Object result) {
        return result == null ? Outcome.MISS : Outcome.HIT;
    }
}
