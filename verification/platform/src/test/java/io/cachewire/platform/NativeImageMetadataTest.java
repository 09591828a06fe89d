package io.cachewire.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;

/** What the metadata for GraalVM names is there, on each class path. No native image is built. */
class NativeImageMetadataTest {
    private static final String FILE = "/META-INF/native-image/io.cachewire/cachewire-core/reachability-metadata.json";

    static List<Platform> platforms() {
        return Platform.all();
    }

    @ParameterizedTest
    @MethodSource("platforms")
    void everyNamedMemberIsThere(Platform platform) throws IOException {
        List<Path> classPath = new ArrayList<>(OurJars.all());
        classPath.addAll(platform.jars());
        ClassFiles classes = new ClassFiles(classPath);
        List<String> missing = new ArrayList<>();
        for (JsonNode type : metadata().get("reflection")) {
            String name = type.get("type").asText();
            ClassNode found = classes.find(name.replace('.', '/'));
            if (found == null) {
                missing.add(name);
                continue;
            }
            for (JsonNode field : type.path("fields")) {
                if (found.fields.stream()
                        .noneMatch(one -> one.name.equals(field.get("name").asText()))) {
                    missing.add(name + "." + field.get("name").asText());
                }
            }
            for (JsonNode method : type.path("methods")) {
                if (found.methods.stream().noneMatch(one -> is(method, one.name, one.desc))) {
                    missing.add(name + "." + method);
                }
            }
        }
        assertEquals(List.of(), missing, platform.name());
    }

    @Test
    void itNamesSomething() throws IOException {
        assertFalse(metadata().get("reflection").isEmpty());
    }

    private static boolean is(JsonNode wanted, String name, String type) {
        List<String> parameters = new ArrayList<>();
        for (Type parameter : Type.getArgumentTypes(type)) {
            parameters.add(parameter.getClassName());
        }
        List<String> wantedParameters = new ArrayList<>();
        wanted.get("parameterTypes").forEach(one -> wantedParameters.add(one.asText()));
        return wanted.get("name").asText().equals(name) && wantedParameters.equals(parameters);
    }

    private static JsonNode metadata() throws IOException {
        try (InputStream file = NativeImageMetadataTest.class.getResourceAsStream(FILE)) {
            return new ObjectMapper().readTree(file);
        }
    }
}
