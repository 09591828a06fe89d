package io.cachewire.internal.protocol;

/**
 * What a reply may cost before it is complete. A reply beyond one of these is malformed, but for a data block that is too long and can be
 * skipped.
 *
 * @param maxValueBytes the longest data block that is accepted, in bytes; nothing is allocated for a longer one, which is skipped up to
 *     {@link #maxSkippedBytes}
 * @param maxLineBytes the longest line, in bytes, line end included
 * @param maxStatLines the most lines of one statistics reply
 */
public record Limits(int maxValueBytes, int maxLineBytes, int maxStatLines) {
    /** Lines of memcached stay under 2 KiB, but for {@code stats} of large configurations. */
    public static final int DEFAULT_LINE_BYTES = 8 * 1024;

    /** {@code stats items} has about 12 lines for each of 63 slab classes; {@code stats sizes} some thousands. */
    public static final int DEFAULT_STAT_LINES = 100_000;

    /** How many times the longest data block one may have that is skipped, so that a lie about a length is not followed for ever. */
    private static final int SKIPPED_FACTOR = 16;

    /** The default for lines and statistics. */
    public Limits(int maxValueBytes) {
        this(maxValueBytes, DEFAULT_LINE_BYTES, DEFAULT_STAT_LINES);
    }

    /** The longest data block that is read past, because it is too long to be kept, so that what comes behind it is served. */
    public int maxSkippedBytes() {
        return (int) Math.min(Integer.MAX_VALUE, (long) SKIPPED_FACTOR * maxValueBytes);
    }
}
