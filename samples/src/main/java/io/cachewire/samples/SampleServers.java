package io.cachewire.samples;

import io.cachewire.embedded.EmbeddedMemcached;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The servers that a sample talks to: those that were named, else one embedded server, which {@link #close} stops. */
final class SampleServers implements AutoCloseable {
    private final List<String> addresses;
    private final @Nullable EmbeddedMemcached embedded;

    private SampleServers(List<String> addresses, @Nullable EmbeddedMemcached embedded) {
        this.addresses = addresses;
        this.embedded = embedded;
    }

    /** The servers of a list "host:port,host:port"; an embedded one when the list is null or blank. */
    static SampleServers of(@Nullable String list) {
        if (list == null || list.isBlank()) {
            EmbeddedMemcached embedded = EmbeddedMemcached.start();
            return new SampleServers(List.of(embedded.address()), embedded);
        }
        return new SampleServers(List.of(list.strip().split("\\s*,\\s*", -1)), null);
    }

    /** Each as "host:port". */
    String[] addresses() {
        return addresses.toArray(String[]::new);
    }

    @Override
    public void close() {
        if (embedded != null) {
            embedded.close();
        }
    }

    @Override
    public String toString() {
        return String.join(", ", addresses) + (embedded == null ? "" : " (embedded)");
    }
}
