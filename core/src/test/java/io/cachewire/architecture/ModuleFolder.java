package io.cachewire.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folder of the module under test, as Surefire names it. */
final class ModuleFolder {
    private ModuleFolder() {}

    static Path path() {
        return Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    }

    static Path mainClasses() {
        return path().resolve("target/classes");
    }

    /** The main classes; none when the module has no main code. */
    static JavaClasses importMainClasses() {
        return Files.isDirectory(mainClasses())
                ? new ClassFileImporter().importPath(mainClasses())
                : new ClassFileImporter().importPaths(List.of());
    }

    /** The files below a folder whose name ends so, sorted; none when the folder does not exist. */
    static List<Path> files(Path folder, String ending) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
