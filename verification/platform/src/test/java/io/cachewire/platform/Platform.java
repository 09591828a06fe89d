package io.cachewire.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A row of {@code platforms.txt}: a name, and the jars of other people's that a user's class path has beside ours. */
record Platform(String name, List<Path> jars) {
    private static final Path FOLDER = moduleFolder().resolve("target/platform-jars");

    static List<Platform> all() {
        try (InputStream rows = Platform.class.getResourceAsStream("/platforms.txt")) {
            String text = new String(rows.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Platform::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Platform named(String name) {
        return all().stream().filter(row -> row.name.equals(name)).findFirst().orElseThrow();
    }

    /** The folder of the whole project. */
    static Path projectFolder() {
        return moduleFolder().getParent().getParent();
    }

    static Path moduleFolder() {
        return Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    }

    /** These jars, and ours. */
    String withOurs(List<Path> ours) {
        return java.util.stream.Stream.concat(ours.stream(), jars.stream())
                .map(Path::toString)
                .collect(Collectors.joining(System.getProperty("path.separator")));
    }

    @Override
    public String toString() {
        return name;
    }

    private static Platform parse(String line) {
        int colon = line.indexOf(':');
        List<Path> jars = Arrays.stream(line.substring(colon + 1).trim().split(" "))
                .map(jar -> FOLDER.resolve(jar + ".jar"))
                .toList();
        jars.stream().filter(jar -> !Files.exists(jar)).findFirst().ifPresent(jar -> {
            throw new IllegalStateException(jar + " is not there: its artifact belongs into the list of the POM");
        });
        return new Platform(line.substring(0, colon), jars);
    }
}
