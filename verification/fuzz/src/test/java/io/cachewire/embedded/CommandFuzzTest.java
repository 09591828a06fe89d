package io.cachewire.embedded;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.cachewire.fuzz.Bounded;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;

class CommandFuzzTest {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_ITEM = 16 * 1024;

    /** A store, its index and a data block that a command may announce. */
    private static final long FREE_BYTES = 2 << 20;

    /** A command of a few bytes may be answered by all statistics. */
    private static final int ANSWER_BYTES = 64 * 1024;

    private static Commands commands() {
        Statistics statistics = new Statistics();
        ServerClock clock = new ServerClock(() -> Instant.ofEpochSecond(1_800_000_000L));
        PrefixStatistics prefixes = new PrefixStatistics();
        Store store = new Store(clock, statistics, MAX_BYTES, MAX_ITEM, Long.MAX_VALUE);
        TextCommands text = new TextCommands(store, clock, statistics, prefixes);
        StatsReport report = new StatsReport(store, clock, statistics, prefixes, 11211, 1024, () -> 1);
        return new Commands(
                text,
                new MetaCommands(store, clock, statistics, text),
                new StatsCommands(report, prefixes, statistics));
    }

    private static FuzzedSession fed(byte[] input, int piece) {
        FuzzedSession session = new FuzzedSession(commands());
        session.feed(input, piece);
        return session;
    }

    @FuzzTest(maxDuration = "1m")
    @DisplayName("S22 the embedded server answers any bytes, in bounded memory and however they are cut")
    void run(byte[] input) {
        Bounded.run(
                input.length,
                FREE_BYTES,
                () -> (long) ANSWER_BYTES * fed(input, input.length).answers());
        FuzzedSession whole = fed(input, input.length);
        FuzzedSession cut = fed(input, 3);
        boolean differs = new String(input, StandardCharsets.ISO_8859_1).contains("stats");
        if (!differs && !whole.output().equals(cut.output())) {
            throw new AssertionError("cut: " + cut.output() + "\nwhole: " + whole.output());
        }
    }
}
