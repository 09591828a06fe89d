package io.cachewire.spring.boot;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/** Where the servers are. A bean of this type takes the place of {@code cachewire.servers} and {@code cachewire.ssl}. */
public interface MemcachedConnectionDetails extends ConnectionDetails {
    /** The servers, as {@code ServerAddress.parse} reads them; one at least. */
    List<String> servers();

    /** What TLS takes from; null for connections without TLS. */
    default @Nullable SslBundle sslBundle() {
        return null;
    }
}
