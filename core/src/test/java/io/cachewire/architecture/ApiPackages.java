package io.cachewire.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The packages of core that users may import, from {@code core/api/packages.txt}. */
final class ApiPackages {
    private static final String LIST = "packages.txt";

    private ApiPackages() {}

    static Set<String> ofCore() {
        try (InputStream list = Objects.requireNonNull(ApiPackages.class.getResourceAsStream(LIST), LIST)) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
