package io.cachewire.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.embedded.EmbeddedMemcached;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program with a {@code module-info} of its own needs no option but the module path. */
class ModulePathTest {
    private static final Path SOURCES = Platform.moduleFolder().resolve("src/test/module");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"floor", "boot-4.0", "ktor-3.3", "newest"})
    void aModularProgramRuns(String platform) throws IOException, InterruptedException {
        String modulePath = Platform.named(platform).withOurs(OurJars.all());
        compile(modulePath);
        Program program = Program.start(
                List.of("-p", folder + System.getProperty("path.separator") + modulePath, "-m", "films/films.Films"));
        assertEquals("Metropolis, {a=1, b=2}, named, Brigitte Helm, Fritz Rasp\n", withoutSlf4j(program.result()));
    }

    @Test
    void everyArtifactIsAModuleThatExportsItsApiOnly() throws IOException {
        Set<String> api = new TreeSet<>();
        api.addAll(Files.readAllLines(Platform.projectFolder().resolve("core/api/packages.txt")).stream()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .toList());
        for (Path jar : OurJars.all()) {
            ModuleReference module =
                    ModuleFinder.of(jar).findAll().stream().findFirst().orElseThrow();
            ModuleDescriptor descriptor = module.descriptor();
            assertFalse(descriptor.isAutomatic(), descriptor.name());
            assertTrue(descriptor.opens().isEmpty(), descriptor.name());
            assertTrue(
                    descriptor.exports().stream().noneMatch(ModuleDescriptor.Exports::isQualified), descriptor.name());
            Set<String> exported = descriptor.exports().stream()
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());
            assertEquals(jar.equals(OurJars.core()) ? api : Set.of(descriptor.name()), exported, descriptor.name());
        }
    }

    @Test
    void theEmbeddedServerNeedsTheJdkOnly() {
        ModuleDescriptor embedded = ModuleFinder.of(OurJars.of(EmbeddedMemcached.class)).findAll().stream()
                .findFirst()
                .orElseThrow()
                .descriptor();
        assertEquals(
                Set.of("java.base"),
                embedded.requires().stream()
                        .filter(module -> !module.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                        .map(ModuleDescriptor.Requires::name)
                        .collect(Collectors.toSet()));
    }

    private void compile(String modulePath) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-Werror", "-p", modulePath, "-d", folder.toString()));
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            sources.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::toString)
                    .forEach(arguments::add);
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        int result =
                ToolProvider.findFirst("javac").orElseThrow().run(stream, stream, arguments.toArray(String[]::new));
        assertEquals(0, result, () -> said.toString(StandardCharsets.UTF_8));
    }

    private static String withoutSlf4j(String output) {
        return output.lines().filter(line -> !line.startsWith("SLF4J")).collect(Collectors.joining("\n", "", "\n"));
    }
}
