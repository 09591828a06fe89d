package io.cachewire.meta;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.ProtocolException;
import io.cachewire.UnsupportedByServerException;
import io.cachewire.ValueType;
import io.cachewire.internal.operation.CallFutures;
import io.cachewire.internal.operation.MetaCommands;
import java.util.concurrent.CompletableFuture;

/**
 * The meta commands with what the everyday methods leave out, as futures: whose turn it is to make a value anew, conditions by cas unique,
 * items that a read or an append creates. They need the meta protocol; in any other a call fails with a {@link ProtocolException}, and
 * nothing is sent. A server that is too old for an option gives an {@link UnsupportedByServerException}.
 */
public final class AsyncMetaClient {
    private final MetaCommands commands;
    private final CallFutures futures;

    /** For {@link AsyncMemcachedClient#meta}: what it takes is internal. */
    public AsyncMetaClient(MetaCommands commands, CallFutures futures) {
        this.commands = commands;
        this.futures = futures;
    }

    /** The value of a key, and whose turn it is. A failure is thrown, whatever the client's failure mode. */
    public <T> CompletableFuture<MetaValue<T>> get(CharSequence key, Class<T> type) {
        return get(key, ValueType.of(type), MetaGet.plain());
    }

    /** As {@link #get(CharSequence, Class)}, doing more than reading. */
    public <T> CompletableFuture<MetaValue<T>> get(CharSequence key, Class<T> type, MetaGet options) {
        return get(key, ValueType.of(type), options);
    }

    /** As {@link #get(CharSequence, Class)}, for a generic type. */
    public <T> CompletableFuture<MetaValue<T>> get(CharSequence key, ValueType<T> type) {
        return get(key, type, MetaGet.plain());
    }

    /** As {@link #get(CharSequence, Class, MetaGet)}, for a generic type. */
    public <T> CompletableFuture<MetaValue<T>> get(CharSequence key, ValueType<T> type, MetaGet options) {
        return futures.of(() -> commands.get(key, type, options));
    }

    /** Stores a value. */
    public CompletableFuture<MetaStored> set(CharSequence key, Object value) {
        return set(key, value, MetaSet.plain());
    }

    /** Stores a value in one of the modes, under conditions. */
    public CompletableFuture<MetaStored> set(CharSequence key, Object value, MetaSet options) {
        return futures.of(() -> commands.set(key, value, options));
    }

    /** Deletes an item. */
    public CompletableFuture<MetaStatus> delete(CharSequence key) {
        return delete(key, MetaDelete.plain());
    }

    /** Deletes an item, or marks it stale, under conditions. */
    public CompletableFuture<MetaStatus> delete(CharSequence key, MetaDelete options) {
        return futures.of(() -> commands.delete(key, options));
    }

    /** Counts, under conditions, and tells all of the counter. */
    public CompletableFuture<MetaCounted> count(CharSequence key, MetaCount options) {
        return futures.of(() -> commands.count(key, options));
    }
}
