package io.cachewire.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Both sides answer rightly; no figure is looked at. */
final class TlsCommandTest {
    @Test
    void tellsWhatTlsCosts() {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            int status = new CommandLine(new TlsCommand())
                    .execute("--callers", "2", "--rounds", "1", "--warm-up", "0", "--seconds", "0.1");
            assertEquals(0, status);
        } finally {
            System.setOut(before);
        }
        String table = out.toString(StandardCharsets.UTF_8);
        for (String part :
                new String[] {"cachewire/plain", "cachewire/tls", "get-100B/2: processor", "set-100B/2: processor"}) {
            assertTrue(table.contains(part), table);
        }
    }
}
