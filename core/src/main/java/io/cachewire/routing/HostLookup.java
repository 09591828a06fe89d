package io.cachewire.routing;

import io.cachewire.Escaped;
import io.cachewire.IllegalRequestException;
import org.jspecify.annotations.Nullable;

/**
 * What name resolution says, for the rings of clients that put its answers into their node names. Such a ring differs
 * between two machines that resolve differently; asked while a locator is built, never on look-up.
 */
public interface HostLookup {
    /** Knows literal addresses only: no names for them, and a refusal of host names. */
    HostLookup LITERALS_ONLY = new HostLookup() {
        @Override
        public String address(String host) {
            throw new IllegalRequestException("this ring holds resolved addresses: give \"" + Escaped.text(host)
                    + "\" as an address, or build the ring with a HostLookup");
        }

        @Override
        public @Nullable String name(String address) {
            return null;
        }
    };

    /** The numeric address of a host name. */
    String address(String host);

    /** The name that reverse resolution gives for a numeric address, or null. */
    @Nullable
    String name(String address);

    /** True when a host is a numeric address already. */
    static boolean isLiteral(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == ':') {
                return true;
            }
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }
}
