package io.cachewire.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BomTest {
    private static final List<String> FOR_USERS = List.of(
            "core",
            "serialization-json",
            "serialization-java",
            "serialization-jackson",
            "serialization-jackson3",
            "loading",
            "micrometer",
            "opentelemetry",
            "spring",
            "spring-boot-starter",
            "integrations/ktor",
            "integrations/bucket4j",
            "integrations/shedlock",
            "interop",
            "embedded");

    @Test
    void theBomManagesOurArtifactsOnly() {
        Pom bom = Pom.of("bom");
        assertFalse(bom.hasParent());
        Set<String> managed = bom.managed().stream()
                .map(one -> one.group() + ":" + one.artifact() + ":" + one.version())
                .collect(Collectors.toSet());
        assertEquals(
                FOR_USERS.stream()
                        .map(module -> module.substring(module.lastIndexOf('/') + 1))
                        .map(name -> "io.cachewire:cachewire-" + name + ":${project.version}")
                        .collect(Collectors.toSet()),
                managed);
    }

    @Test
    void thePlatformBomManagesTheNewestVersionsThatAreTested() {
        Pom bom = Pom.of("bom-platform");
        assertFalse(bom.hasParent());
        Map<String, String> managed = new TreeMap<>();
        bom.managed().forEach(one -> managed.put(one.artifact(), one.version()));

        Map<String, String> wanted = new TreeMap<>();
        wanted.put("kotlin-stdlib", Versions.newest("stdlib"));
        List.of("kotlinx-coroutines-core").forEach(name -> both(wanted, name, Versions.newest("coroutines")));
        List.of("kotlinx-serialization-core", "kotlinx-serialization-json")
                .forEach(name -> both(wanted, name, Versions.newest("serialization")));
        List.of("ktor-network", "ktor-utils", "ktor-io").forEach(name -> both(wanted, name, Versions.newest("ktor")));
        List.of("kotlinx-io-core", "kotlinx-io-bytestring")
                .forEach(name -> both(wanted, name, Versions.newest("kotlinx-io")));
        assertEquals(wanted, managed);
    }

    /** Else Maven would take the artifact of all platforms, whose own version another declaration could move alone. */
    @Test
    void whatOurPomsDeclareAreTheArtifactsOfTheJvm() {
        Set<String> declared = new TreeSet<>();
        for (String module : FOR_USERS) {
            Pom.of(module).declared().stream()
                    .filter(one -> one.scope().isEmpty() && !one.group().equals("io.cachewire"))
                    .filter(one -> List.of("org.jetbrains.kotlinx", "io.ktor").contains(one.group()))
                    .forEach(one -> declared.add(one.artifact()));
        }
        assertEquals(
                Set.of(
                        "kotlinx-coroutines-core-jvm",
                        "ktor-network-jvm",
                        "kotlinx-serialization-json-jvm",
                        "ktor-server-core-jvm",
                        "ktor-server-sessions-jvm",
                        "ktor-client-core-jvm"),
                declared);
    }

    private static void both(Map<String, String> versions, String name, String version) {
        versions.put(name, version);
        versions.put(name + "-jvm", version);
    }
}
