package io.cachewire.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that runs a program. */
record Program(Process process, Path output) {
    private static final long SECONDS = 240;

    static Program start(List<String> arguments) {
        try {
            Path output = Files.createTempFile("program", ".log");
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(arguments);
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            return new Program(process, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it wrote, once it has ended well. */
    String result() throws IOException, InterruptedException {
        try {
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
            String text = Files.readString(output);
            if (!ended) {
                throw new AssertionError("the program does not end:\n" + text);
            }
            if (process.exitValue() != 0) {
                throw new AssertionError("the program ended with " + process.exitValue() + ":\n" + text);
            }
            return text;
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
