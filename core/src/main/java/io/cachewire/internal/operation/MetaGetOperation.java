package io.cachewire.internal.operation;

import io.cachewire.Item;
import io.cachewire.Key;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.SerdeException;
import io.cachewire.ServerAddress;
import io.cachewire.ValueType;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Request;
import io.cachewire.meta.MetaValue;
import io.cachewire.observe.Outcome;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.SerdeChain;
import io.cachewire.serde.Undecoded;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code mg} with all that it can tell. A failure is always thrown: one that looked like a miss would be taken for nobody's turn. */
final class MetaGetOperation<T> extends Operation<MetaValue<T>> {
    private final ValueType<T> type;
    private final SerdeChain serdes;
    private final boolean changesNothing;

    MetaGetOperation(Key key, Request request, ValueType<T> type, boolean changesNothing, Scope scope) {
        super(key, request, scope);
        this.type = type;
        this.serdes = scope.serdes();
        this.changesNothing = changesNothing;
    }

    @Override
    public boolean isRead() {
        return changesNothing;
    }

    @Override
    MetaValue<T> read(Reply reply, @Nullable ServerAddress server) {
        if (reply instanceof Reply.Value value && value.meta() != null) {
            return found(value, value.meta(), server);
        }
        if (reply.kind() == Reply.Kind.END) {
            return new MetaValue.Miss<>();
        }
        throw unexpected(reply, server);
    }

    private MetaValue<T> found(Reply.Value value, Reply.ItemMeta meta, @Nullable ServerAddress server) {
        boolean turn = meta.win() || meta.won();
        boolean placeholder =
                turn && value.data().length() == 0 && value.flags() == 0 && type.rawClass() != Undecoded.class;
        Item<T> item = placeholder ? null : item(value, server);
        if (meta.win()) {
            return new MetaValue.Win<>(item, meta.stale(), value.cas());
        }
        if (item != null && meta.stale()) {
            return new MetaValue.Stale<>(item);
        }
        if (meta.won()) {
            return new MetaValue.Won<>(item);
        }
        return item == null ? new MetaValue.Miss<>() : new MetaValue.Hit<>(item);
    }

    /** Null when the serde takes the value for a miss. */
    private @Nullable Item<T> item(Reply.Value value, @Nullable ServerAddress server) {
        Key key = Objects.requireNonNull(key());
        try {
            T decoded = serdes.decode(key.name(), new EncodedValue(value.data(), value.flags()), type);
            return decoded == null ? null : GetOperation.toItem(value, decoded);
        } catch (SerdeException e) {
            throw e.at(Delivery.ANSWERED, server, key);
        }
    }

    @Override
    public Outcome outcome(Reply reply, @Nullable Object result) {
        return result instanceof MetaValue<?> found && found.item() != null ? Outcome.HIT : Outcome.MISS;
    }
}
