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

    /** What a part of the client is called in each face. */
    private enum Part {
        ITEMS("", "MemcachedClient", "Operations", Set.of("get", "setAll", "markStale", "close")),
        ADMIN("admin", "AdminClient", "Server commands: `admin()`", Set.of("stats", "metadump", "watch")),
        META("meta", "MetaClient", "Meta commands: `meta()`", Set.of("get", "set", "delete"));

        private final String subPackage;
        private final String name;
        private final String title;
        private final Set<String> some;

        Part(String subPackage, String name, String title, Set<String> some) {
            this.subPackage = subPackage;
            this.name = name;
            this.title = title;
            this.some = some;
        }
    }

    /** A face, the sources of its tests, and how a test is written there. */
    private enum Face {
        SUSPEND("", "src/test/kotlin/io/cachewire", ".kt", KOTLIN_TEST),
        BLOCKING("Blocking", "src/test/java/io/cachewire", ".java", JAVA_TEST),
        ASYNC("Async", "src/test/java/io/cachewire", ".java", JAVA_TEST);

        private final String prefix;
        private final String folder;
        private final String ending;
        private final Pattern test;

        Face(String prefix, String folder, String ending, Pattern test) {
            this.prefix = prefix;
            this.folder = folder;
            this.ending = ending;
            this.test = test;
        }

        Set<String> operations(Part part) throws ClassNotFoundException {
            Class<?> type = Class.forName(
                    "io.cachewire." + (part.subPackage.isEmpty() ? "" : part.subPackage + ".") + prefix + part.name);
            Set<String> names = publicNames(type);
            if (this == SUSPEND) {
                names.addAll(extensionsOf(type));
            }
            return names;
        }

        /** The file, from the module's folder, in which each test stands. */
        Map<String, String> tests(Part part) throws IOException {
            String fileName = prefix + part.name + "\\w*Test\\" + ending;
            Map<String, String> found = new TreeMap<>();
            List<Path> files;
            String sources = part.subPackage.isEmpty() ? folder : folder + "/" + part.subPackage;
            try (Stream<Path> all = Files.list(module().resolve(sources))) {
                files = all.filter(file -> file.getFileName().toString().matches(fileName))
                        .sorted()
                        .toList();
            }
            for (Path file : files) {
                Matcher tests = test.matcher(Files.readString(file));
                while (tests.find()) {
                    found.putIfAbsent(tests.group(1), sources + "/" + file.getFileName());
                }
            }
            return found;
        }
    }

    @Test
    void eachOperationOfEachFaceHasATestNamedAfterIt() throws Exception {
        List<String> missing = new ArrayList<>();
        for (Part part : Part.values()) {
            for (Face face : Face.values()) {
                Set<String> operations = face.operations(part);
                assertTrue(operations.containsAll(part.some), operations::toString);
                Set<String> tests = face.tests(part).keySet();
                operations.stream()
                        .filter(operation -> !tests.contains(operation))
                        .map(operation -> face + " " + part + " " + operation)
                        .forEach(missing::add);
            }
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
        StringBuilder text = new StringBuilder("""
                # Operations

                Every operation of the three faces, and where its test is. The tests run on a real memcached, in the meta,
                the classic text and the binary protocol; each is named after its operation. A dash: the face does not have it. Written by
                `OperationTableTest`; do not edit.
                """);
        Set<String> files = new TreeSet<>();
        for (Part part : Part.values()) {
            if (part != Part.ITEMS) {
                text.append("\n## ").append(part.title).append('\n');
            }
            text.append("""

                    | operation | suspend test | blocking test | async test |
                    |---|---|---|---|
                    """);
            Set<String> operations = new TreeSet<>();
            for (Face face : Face.values()) {
                operations.addAll(face.operations(part));
                files.addAll(face.tests(part).values());
            }
            for (String operation : operations) {
                text.append("| `").append(operation).append("` |");
                for (Face face : Face.values()) {
                    text.append(' ').append(cell(part, face, operation)).append(" |");
                }
                text.append('\n');
            }
        }
        text.append('\n');
        files.forEach(file -> text.append('[')
                .append(title(file))
                .append("]: ../core/")
                .append(file)
                .append('\n'));
        return text.toString();
    }

    private static String cell(Part part, Face face, String operation) throws Exception {
        if (!face.operations(part).contains(operation)) {
            return "-";
        }
        String file = face.tests(part).get(operation);
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
                        && !method.isSynthetic()
                        && !method.getName().equals("toString"))
                .map(OperationTableTest::nameInSource)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> extensionsOf(Class<?> receiver) throws ClassNotFoundException {
        return Stream.of(Class.forName("io.cachewire.MemcachedClientExtensionsKt")
                        .getDeclaredMethods())
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
