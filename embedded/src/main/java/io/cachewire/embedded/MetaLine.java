package io.cachewire.embedded;

/** The reply line of a meta command while it is put together. */
final class MetaLine {
    private static final String OPAQUE_TOO_LONG = "CLIENT_ERROR opaque token too long";

    private final StringBuilder text = new StringBuilder();

    MetaLine status(String status) {
        text.append(status);
        return this;
    }

    MetaLine flag(char flag) {
        text.append(' ').append(flag);
        return this;
    }

    MetaLine flag(char flag, String argument) {
        text.append(' ').append(flag).append(argument);
        return this;
    }

    /** The key as it is, or in base64 with the flag that says so. */
    MetaLine key(String key, boolean base64) {
        return base64 ? flag('k', Base64Key.encode(key)).flag('b') : flag('k', key);
    }

    /** Echoes the token of an opaque flag. */
    MetaLine opaque(String token) throws Refusal {
        if (!MetaFlags.isOpaque(token)) {
            throw new Refusal(OPAQUE_TOO_LONG);
        }
        text.append(' ').append(token);
        return this;
    }

    MetaLine ttl(Item item, ServerClock clock) {
        // an item that is over already shows the wrapped 32-bit difference, as memcached does
        return flag('t', item.exptime == 0 ? "-1" : Integer.toUnsignedString(item.exptime - clock.now()));
    }

    MetaLine cas(long cas) {
        return flag('c', Long.toUnsignedString(cas));
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /** The command ends here with an error line; what it has done so far stays done. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        final String line;

        Refusal(String line) {
            super(line, null, false, false);
            this.line = line;
        }
    }
}
