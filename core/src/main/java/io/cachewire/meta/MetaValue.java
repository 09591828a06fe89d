package io.cachewire.meta;

import io.cachewire.Item;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code get} of the meta commands found, and whose turn it is to make the value anew.
 *
 * <p>An empty placeholder, which a get that vivifies leaves for the winner to fill, is no item here; it is known by having no bytes and no
 * flags while somebody has the turn.
 *
 * @param <T> type of the value
 */
public sealed interface MetaValue<T> {
    /** The item that may be used now, whoever has the turn; null when there is none. */
    @Nullable
    Item<T> item();

    /**
     * There is no item, and nobody was given the turn.
     *
     * @param <T> type of the value
     */
    record Miss<T>() implements MetaValue<T> {
        @Override
        public @Nullable Item<T> item() {
            return null;
        }
    }

    /**
     * A value that is good.
     *
     * @param item it
     * @param <T> type of the value
     */
    record Hit<T>(Item<T> item) implements MetaValue<T> {}

    /**
     * This caller, and no other, is to make the value anew ({@code W}). Storing it with {@link MetaSet#compareCas} makes sure that a later
     * invalidation is not lost.
     *
     * @param item what may be used meanwhile; null when there was nothing
     * @param stale whether that was marked stale
     * @param cas the cas unique to compare with, to be read as unsigned
     * @param <T> type of the value
     */
    record Win<T>(@Nullable Item<T> item, boolean stale, long cas) implements MetaValue<T> {}

    /**
     * A value that was marked stale, while another caller has the turn ({@code X} and {@code Z}).
     *
     * @param item it
     * @param <T> type of the value
     */
    record Stale<T>(Item<T> item) implements MetaValue<T> {}

    /**
     * Another caller has the turn ({@code Z}).
     *
     * @param item what may be used meanwhile, which is still good; null when there is nothing yet
     * @param <T> type of the value
     */
    record Won<T>(@Nullable Item<T> item) implements MetaValue<T> {}
}
