package io.cachewire.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.jetbrains.kotlin.abi.tools.AbiFilters;
import org.jetbrains.kotlin.abi.tools.AbiTools;
import org.jetbrains.kotlin.abi.tools.AbiToolsFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Compares the public signatures of a module, Java and Kotlin together, with the reviewed text in {@code api/<artifact>.api}.
 *
 * <p>A difference is a change of the API. When it is meant, {@code -Dapi.update=true} writes the new text, to be committed with the
 * change. A module extends this class and names its artifact.
 *
 * <p>Decided in docs/decisions/0006-api-dump.md.
 */
public abstract class ApiDumpTest {
    private final String artifact;
    private final @Nullable Set<String> packages;

    /** For a module whose packages are all for users. */
    protected ApiDumpTest(String artifact) {
        this.artifact = artifact;
        this.packages = null;
    }

    /** For a module of which users see these packages only. */
    protected ApiDumpTest(String artifact, Set<String> packages) {
        this.artifact = artifact;
        this.packages = packages;
    }

    @Test
    final void signaturesAreTheReviewedOnes() throws IOException {
        AbiTools tools = ServiceLoader.load(AbiToolsFactory.class)
                .findFirst()
                .orElseThrow()
                .get();
        StringBuilder signatures = new StringBuilder();
        tools.printJvmDump(signatures, classFiles(), noFilter());

        Path reviewed = ModuleFolder.path().resolve("api").resolve(artifact + ".api");
        if (Boolean.getBoolean("api.update")) {
            Files.createDirectories(reviewed.getParent());
            Files.writeString(reviewed, signatures);
            return;
        }
        assertTrue(Files.exists(reviewed), () -> reviewed + " is missing; -Dapi.update=true writes it");
        Path found = ModuleFolder.path().resolve("target").resolve(artifact + ".api");
        Files.writeString(found, signatures);
        String difference = tools.filesDiff(reviewed.toFile(), found.toFile());
        assertTrue(
                difference == null,
                () -> "the API of " + artifact + " has changed; -Dapi.update=true takes it over\n" + difference);
    }

    private List<File> classFiles() {
        List<Path> all = ModuleFolder.files(ModuleFolder.mainClasses(), ".class");
        List<File> chosen =
                all.stream().filter(this::isForUsers).map(Path::toFile).toList();
        assertTrue(all.isEmpty() || !chosen.isEmpty(), () -> "no class in any of the packages " + packages);
        return chosen;
    }

    private boolean isForUsers(Path classFile) {
        Path folder = ModuleFolder.mainClasses().relativize(classFile).getParent();
        if (folder == null) { // the module descriptor
            return false;
        }
        return packages == null || packages.contains(folder.toString().replace(File.separatorChar, '.'));
    }

    private static AbiFilters noFilter() {
        return new AbiFilters(Set.of(), Set.of(), Set.of(), Set.of());
    }
}
