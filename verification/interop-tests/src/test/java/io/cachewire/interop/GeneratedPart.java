package io.cachewire.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a page that a test writes, between two comments that name it; {@code -Dapi.update=true} takes it over. */
public record GeneratedPart(Path page, String name) {
    /** Whether pages are to be written. */
    public static final boolean UPDATE = Boolean.getBoolean("api.update");

    /** The folder of the documentation. */
    public static Path docs() {
        return Path.of(System.getProperty("basedir", ""))
                .toAbsolutePath()
                .getParent()
                .getParent()
                .resolve("docs");
    }

    /** What stands there now. */
    public String text() throws IOException {
        String all = Files.readString(page);
        return all.substring(start(all), end(all));
    }

    /** Fails unless the page says this; writes it when pages are to be written. */
    public void check(String text) throws IOException {
        if (UPDATE) {
            String all = Files.readString(page);
            Files.writeString(page, all.substring(0, start(all)) + text + all.substring(end(all)));
        }
        assertEquals(text(), text, () -> page.getFileName() + " differs; -Dapi.update=true takes it over");
    }

    private int start(String all) {
        String mark = "<!-- " + name + ": written by a test -->\n\n";
        assertTrue(all.contains(mark), () -> page + " has no \"" + mark.strip() + "\"");
        return all.indexOf(mark) + mark.length();
    }

    private int end(String all) {
        String mark = "\n\n<!-- end of " + name + " -->";
        assertTrue(all.contains(mark), () -> page + " has no \"" + mark.strip() + "\"");
        return all.indexOf(mark);
    }
}
