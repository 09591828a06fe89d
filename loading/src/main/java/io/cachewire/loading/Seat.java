package io.cachewire.loading;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The place of one caller in a flight. Each caller has one of its own, so that leaving it touches nobody else.
 *
 * @param <V> type of the value
 */
final class Seat<V> {
    /** Told once, outside of any lock. */
    final CompletableFuture<Turn<V>> turn = new CompletableFuture<>();

    /** What may be used when there is nothing better; null for nothing. */
    final @Nullable V old;

    /** How many polls had started when the caller came; guarded by the flight. */
    int joinedAfterPolls;

    /** The flight, once the caller is aboard; written before the caller knows. */
    volatile @Nullable Flight<V> flight;

    /** The loads that wait here; written once, before the caller knows of the seat. */
    List<Flight<?>> waiters = List.of();

    /** Whether {@link #waiters} wait no more. */
    final AtomicBoolean isWaitOver = new AtomicBoolean();

    /** Whether the caller's load counts for the limit of loads. */
    final AtomicBoolean isCounted = new AtomicBoolean();

    /** When the caller's load began, by the view's clock; written before {@link #turn} is told. */
    long loadBegan;

    Seat(@Nullable V old) {
        this.old = old;
    }

    /** The key as it is sent. */
    String key() {
        return Objects.requireNonNull(flight).key();
    }

    /** What the caller's load is for. */
    List<Flight<?>> flights() {
        return List.of(Objects.requireNonNull(flight));
    }
}
