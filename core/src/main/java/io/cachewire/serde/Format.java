package io.cachewire.serde;

/** How the bytes of an item are to be read. A {@link FlagScheme} says which flags stand for which format. */
public enum Format {
    /** Untyped bytes: what other programs store without flags, and the counters that the server makes. */
    BYTES,
    /** UTF-8 text. */
    TEXT,
    /** JSON in UTF-8. */
    JSON,
    /** {@code 1} or {@code 0}. */
    BOOLEAN,
    /** Decimal text within 32 bits, signed. */
    INT,
    /** Decimal text within 64 bits, signed. */
    LONG,
    /** Decimal text, an exponent allowed, or {@code NaN}, {@code Infinity}, {@code -Infinity}. */
    DOUBLE,
    /** A Java serialization stream. */
    JAVA,
    /** No value: an empty block by which one caller has announced that it loads the value. A read takes it for a miss. */
    LEASE,
    /** No value: an empty block that says that there is none to load. A read takes it for a miss. */
    ABSENT;

    /** Whether items of this format are marks, which have no value. */
    public boolean isMark() {
        return this == LEASE || this == ABSENT;
    }
}
