package io.cachewire.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a command has measured, as text, behind what it was measured on. */
public final class TextReport {
    private TextReport() {}

    /** Ends the facts about the machine, and prints them with the figures; into a file as well when there is a folder. */
    public static void publish(Machine machine, String figures, @Nullable Path folder, String fileName)
            throws IOException {
        machine.ended();
        String text = machine + "\n" + figures;
        System.out.print(text);
        if (folder != null) {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(fileName), text);
        }
    }
}
