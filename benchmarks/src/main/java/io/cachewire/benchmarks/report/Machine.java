package io.cachewire.benchmarks.report;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What the figures were measured on and when; without it they say nothing. */
public final class Machine {
    private final Map<String, String> facts = new LinkedHashMap<>();

    /** The facts at the beginning of a run. */
    public Machine(String server) {
        facts.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("jdk", System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version"));
        facts.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("memoryMegabytes", Long.toString(Runtime.getRuntime().maxMemory() >> 20));
        facts.put("server", server);
        facts.put("loadBefore", load());
    }

    /** Adds what is only known at the end. */
    public void ended() {
        facts.put("loadAfter", load());
    }

    private static String load() {
        return String.format(
                Locale.ROOT,
                "%.2f",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** Names and values. */
    public Map<String, String> facts() {
        return facts;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        facts.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }
}
