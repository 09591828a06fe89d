package io.cachewire.embedded;

import java.util.OptionalInt;

/** The {@code stats} command: its subcommands, and which of them end with {@code END}. */
final class StatsCommands {
    private static final int CLASSES = 64;

    private final StatsReport report;
    private final PrefixStatistics prefixes;
    private final Statistics statistics;

    StatsCommands(StatsReport report, PrefixStatistics prefixes, Statistics statistics) {
        this.report = report;
        this.prefixes = prefixes;
        this.statistics = statistics;
    }

    void run(CommandLine line, Session session) {
        String subcommand = line.size() > 1 ? line.token(1) : "";
        switch (subcommand) {
            case "" -> session.write(report.general());
            case "settings" -> session.write(report.settings());
            case "items" -> session.write(report.items());
            case "slabs" -> session.write(report.slabs());
            case "conns" -> session.write(report.connections());
            case "sizes" -> session.write("STAT sizes_status disabled\r\nEND\r\n");
            case "extstore" -> session.write("END\r\n");
            case "reset" -> {
                statistics.reset();
                prefixes.reset();
                session.write("RESET\r\n");
            }
            case "detail" -> detail(line.size() > 2 ? line.token(2) : "", session);
            case "cachedump" -> cacheDump(line, session);
            default -> session.write("ERROR\r\n");
        }
    }

    private void detail(String what, Session session) {
        switch (what) {
            case "on" -> {
                prefixes.turnOn();
                session.write("OK\r\n");
            }
            case "off" -> {
                prefixes.turnOff();
                session.write("OK\r\n");
            }
            case "dump" -> session.write(prefixes.dump());
            default -> session.write("CLIENT_ERROR usage: stats detail on|off|dump\r\n");
        }
    }

    private void cacheDump(CommandLine line, Session session) {
        if (line.size() < 4) {
            session.write("CLIENT_ERROR bad command line\r\n");
            return;
        }
        OptionalInt slabClass = Numbers.unsigned(line.token(2));
        OptionalInt limit = Numbers.unsigned(line.token(3));
        if (slabClass.isEmpty() || limit.isEmpty()) {
            session.write(TextCommands.BAD_FORMAT + "\r\n");
        } else if (Integer.compareUnsigned(slabClass.getAsInt(), CLASSES) >= 0) {
            session.write("CLIENT_ERROR Illegal slab id\r\n");
        } else {
            session.write(report.cacheDump(slabClass.getAsInt(), limit.getAsInt()));
        }
    }
}
