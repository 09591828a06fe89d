package io.cachewire.admin;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A line that a server sent to a watcher. */
public sealed interface WatchEvent {
    /** The line as it came. */
    String raw();

    /**
     * Something happened.
     *
     * @param type what: item_get, item_store, eviction, conn_new, conn_close and others
     * @param time when, by the server's clock
     * @param gid number of the line; lines may come out of this order
     * @param key the key of the item, decoded; null when there is none
     * @param fields all parts of the line by name, as they came
     * @param raw the line
     */
    record Logged(
            String type,
            @Nullable Instant time,
            @Nullable Long gid,
            @Nullable String key,
            Map<String, String> fields,
            String raw)
            implements WatchEvent {}

    /**
     * The watcher was too slow, and the server has dropped lines.
     *
     * @param count how many
     * @param raw the line
     */
    record Skipped(long count, String raw) implements WatchEvent {}

    /**
     * A line of another form.
     *
     * @param raw the line
     */
    record Unknown(String raw) implements WatchEvent {}
}
