package io.cachewire.platform;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs {@link PlatformProgram} on each class path, all at once: most of its time it waits for a server that is stopped. */
class PlatformRunTest {
    @TestFactory
    Stream<DynamicTest> theProgramRunsOnEachPlatform() {
        List<Path> ours = new ArrayList<>(OurJars.all());
        ours.add(OurJars.program());
        Map<Platform, Program> programs = new LinkedHashMap<>();
        for (Platform platform : Platform.all()) {
            programs.put(
                    platform,
                    Program.start(
                            List.of("-Xmx128m", "-cp", platform.withOurs(ours), PlatformProgram.class.getName())));
        }
        return programs.entrySet().stream()
                .map(entry -> dynamicTest(
                        entry.getKey().name(),
                        () -> assertTrue(entry.getValue().result().contains("all is well"))));
    }
}
