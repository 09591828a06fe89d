package io.cachewire.meta;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ProtocolException;
import io.cachewire.UnsupportedByServerException;
import io.cachewire.ValueType;
import io.cachewire.internal.call.Call;
import io.cachewire.internal.operation.Engine;
import io.cachewire.internal.operation.MetaCommands;
import io.cachewire.internal.operation.Waiting;
import java.util.function.Supplier;

/**
 * The meta commands with what the everyday methods leave out, for threads: whose turn it is to make a value anew, conditions by cas unique,
 * items that a read or an append creates. They need the meta protocol; in any other a call fails with a {@link ProtocolException}, and
 * nothing is sent. A server that is too old for an option gives an {@link UnsupportedByServerException}.
 */
public final class BlockingMetaClient {
    private final Engine engine;
    private final MetaCommands commands;

    /** For {@link BlockingMemcachedClient#meta}: what it takes is internal. */
    public BlockingMetaClient(Engine engine, MetaCommands commands) {
        this.engine = engine;
        this.commands = commands;
    }

    /** The value of a key, and whose turn it is. A failure is thrown, whatever the client's failure mode. */
    public <T> MetaValue<T> get(CharSequence key, Class<T> type) {
        return get(key, ValueType.of(type), MetaGet.plain());
    }

    /** As {@link #get(CharSequence, Class)}, doing more than reading. */
    public <T> MetaValue<T> get(CharSequence key, Class<T> type, MetaGet options) {
        return get(key, ValueType.of(type), options);
    }

    /** As {@link #get(CharSequence, Class)}, for a generic type. */
    public <T> MetaValue<T> get(CharSequence key, ValueType<T> type) {
        return get(key, type, MetaGet.plain());
    }

    /** As {@link #get(CharSequence, Class, MetaGet)}, for a generic type. */
    public <T> MetaValue<T> get(CharSequence key, ValueType<T> type, MetaGet options) {
        return await(() -> commands.get(key, type, options));
    }

    /** Stores a value. */
    public MetaStored set(CharSequence key, Object value) {
        return set(key, value, MetaSet.plain());
    }

    /** Stores a value in one of the modes, under conditions. */
    public MetaStored set(CharSequence key, Object value, MetaSet options) {
        return await(() -> commands.set(key, value, options));
    }

    /** Deletes an item. */
    public MetaStatus delete(CharSequence key) {
        return delete(key, MetaDelete.plain());
    }

    /** Deletes an item, or marks it stale, under conditions. */
    public MetaStatus delete(CharSequence key, MetaDelete options) {
        return await(() -> commands.delete(key, options));
    }

    /** Counts, under conditions, and tells all of the counter. */
    public MetaCounted count(CharSequence key, MetaCount options) {
        return await(() -> commands.count(key, options));
    }

    private <R> R await(Supplier<Call<R>> submit) {
        return Waiting.await(engine, submit);
    }
}
