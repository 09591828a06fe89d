package io.cachewire.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The lowest and the newest versions, as the parent POM has them. */
final class Versions {
    private static final Properties ALL = read();

    private Versions() {}

    static String lowest(String library) {
        return of("floor." + library);
    }

    static String newest(String library) {
        return of("newest." + library);
    }

    private static String of(String name) {
        String version = ALL.getProperty(name);
        if (version == null || version.startsWith("$")) {
            throw new IllegalArgumentException("no version " + name);
        }
        return version;
    }

    private static Properties read() {
        try (InputStream file = Versions.class.getResourceAsStream("/versions.properties")) {
            Properties properties = new Properties();
            properties.load(file);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
