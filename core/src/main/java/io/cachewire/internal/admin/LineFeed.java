package io.cachewire.internal.admin;

import io.cachewire.internal.operation.LineSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stream that may be opened any number of times, each time on a connection of its own, and how its lines are read.
 *
 * @param <T> what a line says
 */
public final class LineFeed<T> {
    private final Supplier<LineSource> opener;
    private final Function<String, @Nullable T> reading;

    /** @param reading null for a line that is none of the stream; throws for one that refuses it */
    LineFeed(Supplier<LineSource> opener, Function<String, @Nullable T> reading) {
        this.opener = opener;
        this.reading = reading;
    }

    /** Opens it; the caller closes it. */
    public LineSource open() {
        return opener.get();
    }

    /**
     * What some lines say; on the caller's thread.
     *
     * @throws io.cachewire.MemcachedException when the server refuses the stream
     */
    public List<T> read(List<String> lines) {
        List<T> parts = new ArrayList<>(lines.size());
        for (String line : lines) {
            T part = reading.apply(line);
            if (part != null) {
                parts.add(part);
            }
        }
        return parts;
    }
}
