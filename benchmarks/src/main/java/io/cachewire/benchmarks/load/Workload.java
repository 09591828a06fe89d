package io.cachewire.benchmarks.load;

/**
 * What callers do.
 *
 * @param verb the operation
 * @param valueBytes size of each value
 * @param servers how many servers the keys are spread over
 * @param form what the values are
 */
public record Workload(Verb verb, int valueBytes, int servers, Form form) {
    /** Keys of one multi-key call. */
    public static final int BATCH = 100;

    /** An operation, or a mix of two. */
    public enum Verb {
        /** Reads that hit. */
        GET("get"),
        /** Unconditional writes. */
        SET("set"),
        /** Nine reads, then one write. */
        MIX("mix"),
        /** Reads of a hundred keys that all hit. */
        GET_ALL("getAll"),
        /** Writes of a hundred keys. */
        SET_ALL("setAll");

        private final String label;

        Verb(String label) {
            this.label = label;
        }

        /** In tables and filters. */
        public String label() {
            return label;
        }

        /** True for the calls with many keys. */
        public boolean isBatch() {
            return this == GET_ALL || this == SET_ALL;
        }
    }

    /** What the values are. */
    public enum Form {
        /** Bytes as they are. */
        BYTES,
        /** Objects, written as each client does it. */
        OBJECTS
    }

    /** Bytes. */
    public Workload(Verb verb, int valueBytes, int servers) {
        this(verb, valueBytes, servers, Form.BYTES);
    }

    /** The name in tables and filters: {@code get-100B}, {@code getAll-100B-3servers}. */
    public String name() {
        String size = valueBytes >= 1024 ? valueBytes / 1024 + "KiB" : valueBytes + "B";
        return verb.label + "-" + size + (servers == 1 ? "" : "-" + servers + "servers")
                + (form == Form.OBJECTS ? "-objects" : "");
    }
}
