package io.cachewire.shedlock;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.CasResult;
import io.cachewire.CasValue;
import io.cachewire.Expiry;
import io.cachewire.MemcachedException;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.WriteFailures;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import net.javacrumbs.shedlock.core.AbstractSimpleLock;
import net.javacrumbs.shedlock.core.ClockProvider;
import net.javacrumbs.shedlock.core.ExtensibleLockProvider;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps ShedLock's locks in memcached, so that of all instances of a program one runs a scheduled task.
 *
 * <p><b>These locks save work; they do not protect data.</b> A lock is lost when the server restarts, evicts it, is emptied, or is replaced by another server of the pool: then two instances run the task. A
 * task that must never run twice at once needs a database.
 *
 * <p>A lock is an item that only its owner can end or extend: each has a text of its own, and is replaced only while it is the one that
 * was read. Whoever dies with a lock keeps it until {@code lockAtMostFor} is over. Times are rounded up to whole seconds.
 *
 * <p>Works in every protocol. Safe for any number of threads; closing the client is the caller's.
 */
public final class MemcachedLockProvider implements ExtensibleLockProvider {
    private final BlockingMemcachedClient client;
    private final String prefix;

    /** Locks whose keys begin with {@code shedlock:}. */
    public MemcachedLockProvider(BlockingMemcachedClient client) {
        this(client, "shedlock:");
    }

    /**
     * Locks whose keys begin with a prefix of the caller's choice.
     *
     * @param client stores the locks
     * @param prefix stands before the name of each lock
     */
    public MemcachedLockProvider(BlockingMemcachedClient client, String prefix) {
        this.client = client.withWriteFailures(WriteFailures.THROW);
        this.prefix = Objects.requireNonNull(prefix, "prefix");
    }

    /**
     * Takes a lock, if it is free.
     *
     * @throws MemcachedException when the server did not say whether it is; nobody may have the lock then until {@code lockAtMostFor} is over
     */
    @Override
    public Optional<SimpleLock> lock(LockConfiguration configuration) {
        String key = prefix + configuration.getName();
        String owner = UUID.randomUUID().toString();
        Expiry expiry = until(configuration.getLockAtMostUntil());
        if (expiry == null || !added(key, owner, expiry)) {
            return Optional.empty();
        }
        return Optional.of(new Lock(configuration, key, owner));
    }

    private boolean added(String key, String owner, Expiry expiry) {
        try {
            return client.add(key, owner, expiry);
        } catch (MemcachedException e) {
            // the answer may have been lost on the way; the item tells
            if (e.delivery() != Delivery.INDETERMINATE) {
                throw e;
            }
            try {
                return owner.equals(client.get(key, String.class));
            } catch (MemcachedException again) {
                e.addSuppressed(again);
                throw e;
            }
        }
    }

    /** Null when the instant has passed. */
    private static @Nullable Expiry until(Instant instant) {
        Duration left = Duration.between(ClockProvider.now(), instant);
        return left.isZero() || left.isNegative() ? null : Expiry.after(left);
    }

    private final class Lock extends AbstractSimpleLock {
        private final String key;
        private final String owner;

        Lock(LockConfiguration configuration, String key, String owner) {
            super(configuration);
            this.key = key;
            this.owner = owner;
        }

        @Override
        protected void doUnlock() {
            Expiry rest = until(lockConfiguration.getLockAtLeastUntil());
            replace(rest == null ? over() : rest);
        }

        @Override
        protected Optional<SimpleLock> doExtend(LockConfiguration next) {
            Expiry expiry = until(next.getLockAtMostUntil());
            boolean isOver = until(lockConfiguration.getLockAtMostUntil()) == null;
            if (expiry == null || isOver) {
                // memcached counts whole seconds, so it may have the lock a little longer than its owner
                replace(over());
                return Optional.empty();
            }
            return replace(expiry) ? Optional.of(new Lock(next, key, owner)) : Optional.empty();
        }

        /** Gives the item another time, while it is this lock; whether it was. */
        private boolean replace(Expiry expiry) {
            CasValue<String> held = client.gets(key, String.class);
            return held != null
                    && held.value().equals(owner)
                    && client.cas(key, owner, held.cas(), expiry) == CasResult.STORED;
        }

        /** An item that is never served; a delete that compares is for the meta protocol alone. */
        private Expiry over() {
            return Expiry.at(ClockProvider.now().minusSeconds(60));
        }
    }
}
