package io.cachewire.meta;

import org.jspecify.annotations.Nullable;

/**
 * What became of a {@code set} of the meta commands.
 *
 * @param status whether it was stored
 * @param cas the item's new cas unique, to be read as unsigned; null when nothing was stored
 */
public record MetaStored(MetaStatus status, @Nullable Long cas) {
    /** True when it was stored. */
    public boolean isStored() {
        return status == MetaStatus.DONE;
    }
}
