package io.cachewire.benchmarks.load;

/** What grows in a measurement while all else stays. */
public enum Growth {
    /** Callers at once. */
    CALLERS("callers"),
    /** Servers that the keys are spread over. */
    SERVERS("servers"),
    /** Connections to each server. */
    CONNECTIONS("connections"),
    /** Different keys. */
    KEYS("keys");

    private final String label;

    Growth(String label) {
        this.label = label;
    }

    /** In tables. */
    public String label() {
        return label;
    }

    /** A measured point: how many there were of what grows, who called in which style, and what. */
    public record Point(Growth growth, int count, String style, Workload.Verb verb) {}
}
