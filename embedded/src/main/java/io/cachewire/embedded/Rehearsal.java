package io.cachewire.embedded;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Loads what the server may need for the first time when the process is out of descriptors: its own classes, where they lie
 * in a folder and each is a file to open, and the rules of the time zone, for the lines of the log. The JVM never tries
 * again to load a class that it could not load once.
 */
final class Rehearsal {
    private static final AtomicBoolean DONE = new AtomicBoolean();
    private static final String SUFFIX = ".class";

    private Rehearsal() {}

    /** The first time in this JVM. */
    static void once() {
        if (DONE.getAndSet(true)) {
            return;
        }
        try {
            Objects.requireNonNull(ZoneId.systemDefault().getRules());
            // a jar stays open
            URL own = Rehearsal.class.getResource(Rehearsal.class.getSimpleName() + SUFFIX);
            if (own != null && own.getProtocol().equals("file")) {
                load(Path.of(own.toURI()).resolveSibling(""));
            }
        } catch (Exception | LinkageError e) {
            // it is for bad times only; if these are, the server itself says so
        }
    }

    private static void load(Path folder) throws Exception {
        List<String> names;
        try (Stream<Path> files = Files.list(folder)) {
            names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX) && !name.startsWith("package-"))
                    .toList();
        }
        for (String name : names) {
            Class.forName(
                    Rehearsal.class.getPackageName() + "." + name.substring(0, name.length() - SUFFIX.length()),
                    false,
                    Rehearsal.class.getClassLoader());
        }
    }
}
