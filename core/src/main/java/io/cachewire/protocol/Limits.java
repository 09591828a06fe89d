package io.cachewire.protocol;

/**
 * What a reply may cost before it is complete. A reply beyond one of these is malformed.
 *
 * @param maxValueBytes the longest data block that is accepted, in bytes; nothing is allocated for a longer one
 * @param maxLineBytes the longest line, in bytes, line end included
 * @param maxStatLines the most lines of one statistics reply
 */
public record Limits(int maxValueBytes, int maxLineBytes, int maxStatLines) {
    /** Lines of memcached stay under 2 KiB, but for {@code stats} of large configurations. */
    public static final int DEFAULT_LINE_BYTES = 8 * 1024;

    /** {@code stats items} has about 12 lines for each of 63 slab classes; {@code stats sizes} some thousands. */
    public static final int DEFAULT_STAT_LINES = 100_000;

    /** The default for lines and statistics. */
    public Limits(int maxValueBytes) {
        this(maxValueBytes, DEFAULT_LINE_BYTES, DEFAULT_STAT_LINES);
    }
}
