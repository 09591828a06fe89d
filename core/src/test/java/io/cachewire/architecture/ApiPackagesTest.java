package io.cachewire.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The list of API packages, and the one tool that cannot read it. */
class ApiPackagesTest {
    @Test
    void everyListedPackageIsALayer() {
        assertTrue(Layers.ALL.containsAll(ApiPackages.ofCore()), () -> "among " + ApiPackages.ofCore());
    }

    /** Dokka takes a pattern from the parent POM. */
    @Test
    void documentationShowsTheListedPackages() throws IOException {
        String pom = Files.readString(ModuleFolder.path().resolveSibling("pom.xml"));
        Matcher hidden = Pattern.compile("<matchingRegex>(.*)</matchingRegex>").matcher(pom);
        assertTrue(hidden.find(), "the parent POM hides no packages");
        Set<String> shown = Layers.ALL.stream()
                .filter(name -> !name.matches(hidden.group(1)))
                .collect(Collectors.toSet());
        assertEquals(ApiPackages.ofCore(), shown);
    }
}
