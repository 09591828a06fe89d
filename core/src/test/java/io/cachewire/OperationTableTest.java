package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each operation of each face has a test named after it, and {@code docs/operations.md} is the table of them.
 * The operations come from the faces, the tests from their sources. When the table is to change, {@code
 * -Dapi.update=true} writes it.
 */
class OperationTableTest {
    private static final Pattern JAVA_TEST = Pattern.compile("@Test\\s+void (\\w+)\\(\\)");
    private static final Pattern KOTLIN_TEST = Pattern.compile("test\\(\"(\\w+)\"\\)");

    /** A face, the sources of its tests, and how a test is written there. */
    private enum Face {
        SUSPEND("src/test/kotlin/io/cachewire", "MemcachedClient\\w*Test\\.kt", KOTLIN_TEST),
        BLOCKING("src/test/java/io/cachewire", "BlockingMemcachedClient\\w*Test\\.java", JAVA_TEST),
        ASYNC("src/test/java/io/cachewire", "AsyncMemcachedClient\\w*Test\\.java", JAVA_TEST);

        private final String folder;
        private final String fileName;
        private final Pattern test;

        Face(String folder, String fileName, Pattern test) {
            this.folder = folder;
            this.fileName = fileName;
            this.test = test;
        }

        Set<String> operations() throws ClassNotFoundException {
            return switch (this) {
                case SUSPEND -> {
                    Set<String> names = publicNames(MemcachedClient.class);
                    names.addAll(extensionsOf(MemcachedClient.class));
                    yield names;
                }
                case BLOCKING -> publicNames(BlockingMemcachedClient.class);
                case ASYNC -> publicNames(AsyncMemcachedClient.class);
            };
        }

        /** The file, from the module's folder, in which each test stands. */
        Map<String, String> tests() throws IOException {
            Map<String, String> found = new TreeMap<>();
            List<Path> files;
            try (Stream<Path> all = Files.list(module().resolve(folder))) {
                files = all.filter(file -> file.getFileName().toString().matches(fileName))
                        .sorted()
                        .toList();
            }
            for (Path file : files) {
                Matcher tests = test.matcher(Files.readString(file));
                while (tests.find()) {
                    found.putIfAbsent(tests.group(1), folder + "/" + file.getFileName());
                }
            }
            return found;
        }
    }

    @Test
    void eachOperationOfEachFaceHasATestNamedAfterIt() throws Exception {
        List<String> missing = new ArrayList<>();
        for (Face face : Face.values()) {
            Set<String> operations = face.operations();
            assertTrue(operations.containsAll(Set.of("get", "setAll", "markStale", "close")), operations::toString);
            Set<String> tests = face.tests().keySet();
            operations.stream()
                    .filter(operation -> !tests.contains(operation))
                    .map(operation -> face + " " + operation)
                    .forEach(missing::add);
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void theTableInTheDocumentationIsThisOne() throws Exception {
        Path file = module().getParent().resolve("docs/operations.md");
        String table = table();
        if (Boolean.getBoolean("api.update")) {
            Files.writeString(file, table);
        }
        assertTrue(Files.exists(file), () -> file + " is missing; -Dapi.update=true writes it");
        assertEquals(Files.readString(file), table, "docs/operations.md differs; -Dapi.update=true takes it over");
    }

    private static String table() throws Exception {
        Set<String> operations = new TreeSet<>();
        for (Face face : Face.values()) {
            operations.addAll(face.operations());
        }
        StringBuilder text = new StringBuilder("""
                # Operations

                Every operation of the three faces, and where its test is. The tests run on a real memcached, in the meta,
                the classic text and the binary protocol; each is named after its operation. A dash: the face does not have it. Written by
                `OperationTableTest`; do not edit.

                | operation | suspend test | blocking test | async test |
                |---|---|---|---|
                """);
        for (String operation : operations) {
            text.append("| `").append(operation).append("` |");
            for (Face face : Face.values()) {
                text.append(' ').append(cell(face, operation)).append(" |");
            }
            text.append('\n');
        }
        text.append('\n');
        Set<String> files = new TreeSet<>();
        for (Face face : Face.values()) {
            files.addAll(face.tests().values());
        }
        files.forEach(file -> text.append('[')
                .append(title(file))
                .append("]: ../core/")
                .append(file)
                .append('\n'));
        return text.toString();
    }

    private static String cell(Face face, String operation) throws Exception {
        if (!face.operations().contains(operation)) {
            return "-";
        }
        String file = face.tests().get(operation);
        if (file == null) {
            return "**none**";
        }
        return "[" + title(file) + "]";
    }

    /** The class in a file, which is what the links of the table are called. */
    private static String title(String file) {
        return file.substring(file.lastIndexOf('/') + 1, file.lastIndexOf('.'));
    }

    private static Set<String> publicNames(Class<?> face) {
        return Stream.of(face.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers())
                        && !Modifier.isStatic(method.getModifiers())
                        && !method.isSynthetic())
                .map(OperationTableTest::nameInSource)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> extensionsOf(Class<?> receiver) throws ClassNotFoundException {
        return Stream.of(Class.forName(receiver.getName() + "ExtensionsKt").getDeclaredMethods())
                .filter(method -> method.getParameterCount() > 0
                        && method.getParameterTypes()[0] == receiver
                        && Modifier.isPublic(method.getModifiers())
                        && !method.isSynthetic())
                .map(OperationTableTest::nameInSource)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Kotlin adds a hash to the name of a function with a parameter of an inline class. */
    private static String nameInSource(Method method) {
        String name = method.getName();
        int dash = name.indexOf('-');
        return dash < 0 ? name : name.substring(0, dash);
    }

    private static Path module() {
        return Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    }
}
