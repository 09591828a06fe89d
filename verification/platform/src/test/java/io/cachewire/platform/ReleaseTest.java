package io.cachewire.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What goes out with a release, and what must not. */
class ReleaseTest {
    private static final Path PROJECT = Platform.projectFolder();

    @Test
    void onlyTheModulesForUsersAreDeployed() {
        Set<String> deployed = new TreeSet<>();
        Set<String> forUsers = new TreeSet<>(List.of("bom", "bom-platform"));
        for (String module : Pom.of("").modules()) {
            if (!Pom.of(module).property("maven.deploy.skip").equals("true")) {
                deployed.add(module);
            }
            if (Files.isDirectory(PROJECT.resolve(module).resolve("api"))) {
                forUsers.add(module);
            }
        }
        assertFalse(forUsers.isEmpty());
        assertEquals(forUsers, deployed);
    }

    @Test
    void everyArtifactHasTheLicence() throws IOException {
        String licence = Files.readString(PROJECT.resolve("LICENSE"));
        for (Path artifact : OurJars.all()) {
            try (URLClassLoader loader =
                            new URLClassLoader(new URL[] {artifact.toUri().toURL()}, null);
                    InputStream in = loader.getResourceAsStream("META-INF/LICENSE")) {
                byte[] bytes = Objects.requireNonNull(in, artifact.toString()).readAllBytes();
                assertEquals(licence, new String(bytes, StandardCharsets.UTF_8), artifact.toString());
            }
        }
    }

    @Test
    void theMavenThatTheWrapperFetchesIsCheckedByItsSum() throws IOException {
        Properties wrapper = new Properties();
        try (InputStream in = Files.newInputStream(PROJECT.resolve(".mvn/wrapper/maven-wrapper.properties"))) {
            wrapper.load(in);
        }
        assertTrue(wrapper.getProperty("distributionSha256Sum", "").matches("[0-9a-f]{64}"), wrapper.toString());
    }
}
