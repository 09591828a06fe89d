package io.cachewire.internal.protocol;

import io.cachewire.DataBlock;
import org.jspecify.annotations.Nullable;

/**
 * The keys that replies may be about. A parser that finds one here does not copy it from the line.
 *
 * <p>Decided in docs/decisions/0056-many-keys-one-command.md.
 */
@FunctionalInterface
public interface AskedKeys {
    /** No key is known. */
    AskedKeys NONE = (bytes, from, to) -> null;

    /** A key that is equal to these bytes, or null when none is known. */
    @Nullable
    DataBlock find(byte[] bytes, int from, int to);
}
