package io.cachewire.verification.consumers;

import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The libraries that Maven has put on the class path or the module path, which decide on what the client runs. */
public final class Platform {
    /** A class of each library, by the name of its artifact. */
    private static final Map<String, String> CLASSES = new LinkedHashMap<>();

    static {
        CLASSES.put("kotlin-stdlib", "kotlin.Unit");
        CLASSES.put("kotlinx-coroutines-core-jvm", "kotlinx.coroutines.Job");
        CLASSES.put("ktor-network-jvm", "io.ktor.network.selector.SelectInterest");
        CLASSES.put("ktor-io-jvm", "io.ktor.utils.io.ByteReadChannel");
        CLASSES.put("kotlinx-serialization-core-jvm", "kotlinx.serialization.KSerializer");
        CLASSES.put("kotlinx-serialization-json-jvm", "kotlinx.serialization.json.Json");
        CLASSES.put("jackson-databind", "com.fasterxml.jackson.databind.ObjectMapper");
        CLASSES.put("slf4j-api", "org.slf4j.Logger");
    }

    private Platform() {}

    /** A program that only looks at the libraries. */
    public static void main(String[] args) {
        check(System.getProperty("consumers.expected", ""));
    }

    /** Prints what there is, and throws unless each "artifact:version" of the list, separated by commas, is there. */
    static void check(String expected) {
        Map<String, String> found = new LinkedHashMap<>();
        CLASSES.forEach((artifact, name) -> version(artifact, name).ifPresent(version -> found.put(artifact, version)));
        System.out.println("consumer: JDK " + Runtime.version().feature() + ", " + found);
        for (String each : List.of(expected.split(",", -1))) {
            if (!each.isBlank()) {
                String[] artifactAndVersion = each.strip().split(":", 2);
                Checks.equal(each.strip(), artifactAndVersion[0] + ":" + found.get(artifactAndVersion[0]));
            }
        }
    }

    private static Optional<String> version(String artifact, String className) {
        try {
            Class<?> loaded =
                    Class.forName(className, false, Thread.currentThread().getContextClassLoader());
            CodeSource source = loaded.getProtectionDomain().getCodeSource();
            URL jar = source.getLocation();
            String name = Path.of(jar.getPath()).getFileName().toString();
            return Optional.of(
                    name.startsWith(artifact + "-")
                            ? name.substring(artifact.length() + 1, name.length() - ".jar".length())
                            : name);
        } catch (ClassNotFoundException absent) {
            return Optional.empty();
        }
    }
}
