package io.cachewire.internal.operation;

import org.jspecify.annotations.Nullable;

/** The meta flags of one command as they are written. */
final class MetaFlags {
    private final StringBuilder text = new StringBuilder();

    MetaFlags(String always) {
        text.append(always);
    }

    MetaFlags with(boolean wanted, String flag) {
        if (wanted) {
            text.append(' ').append(flag);
        }
        return this;
    }

    /** An exptime, or nothing when it is null. */
    MetaFlags exptime(char letter, @Nullable Long exptime) {
        if (exptime != null) {
            text.append(' ').append(letter).append(exptime.longValue());
        }
        return this;
    }

    /** An unsigned number, or nothing when it is null. */
    MetaFlags number(char letter, @Nullable Long number) {
        if (number != null) {
            text.append(' ').append(letter).append(Long.toUnsignedString(number));
        }
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
