package io.cachewire.platform;

import io.cachewire.MemcachedClient;
import io.cachewire.embedded.EmbeddedMemcached;
import io.cachewire.interop.Interop;
import io.cachewire.serialization.jackson.JacksonSerde;
import io.cachewire.serialization.java.JavaSerde;
import io.cachewire.serialization.json.JsonSerde;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/** Our artifacts as this build has them: jars when it packages, else the folders of their classes. */
final class OurJars {
    private OurJars() {}

    static List<Path> all() {
        return List.of(
                core(),
                of(JsonSerde.class),
                of(JavaSerde.class),
                of(JacksonSerde.class),
                of(io.cachewire.serialization.jackson3.JacksonSerde.class),
                of(Interop.class),
                of(EmbeddedMemcached.class));
    }

    static Path core() {
        return of(MemcachedClient.class);
    }

    /** The program of this module. */
    static Path program() {
        return of(PlatformProgram.class);
    }

    static Path of(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
