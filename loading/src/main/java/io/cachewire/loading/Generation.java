package io.cachewire.loading;

import io.cachewire.DataBlock;

/**
 * The format of generations (docs/loading-format.md): 42 bits of milliseconds since 1970 and 22 random bits, compared as unsigned numbers, and
 * written as 16 lower-case hexadecimal digits. 0 stands for none.
 */
final class Generation {
    static final int RANDOM_BITS = 22;
    static final int DIGITS = 16;

    /** The first time that is taken for one, in 2004: what is below was not written by us. */
    static final long FIRST_MILLIS = 1L << 40;

    /** The last time that is taken for one, in 2108: above it the number could not grow for long. */
    static final long LAST_MILLIS = (1L << 42) - (1L << 35);

    private Generation() {}

    /**
     * A generation above another one.
     *
     * @param above the largest that is known; 0 for none
     * @param random a number from 0 to 1
     */
    static long next(long above, long millis, double random) {
        long time = Math.max(Math.max(millis, FIRST_MILLIS), millis(above) + 1);
        return time << RANDOM_BITS | (long) (random * (1 << RANDOM_BITS)) & (1 << RANDOM_BITS) - 1;
    }

    static long millis(long generation) {
        return generation >>> RANDOM_BITS;
    }

    static String text(long generation) {
        String digits = Long.toHexString(generation);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }

    /** The generation that a block holds; 0 when it holds none. */
    static long parse(DataBlock block) {
        if (block.length() != DIGITS) {
            return 0;
        }
        long generation = 0;
        for (int i = 0; i < DIGITS; i++) {
            int digit = digit(block.at(i));
            if (digit < 0) {
                return 0;
            }
            generation = generation << 4 | digit;
        }
        long millis = millis(generation);
        return millis < FIRST_MILLIS || millis > LAST_MILLIS ? 0 : generation;
    }

    /** Upper case is not ours: one number has one text. */
    private static int digit(byte text) {
        if (text >= '0' && text <= '9') {
            return text - '0';
        }
        return text >= 'a' && text <= 'f' ? text - 'a' + 10 : -1;
    }

    static boolean isBelow(long one, long other) {
        return Long.compareUnsigned(one, other) < 0;
    }
}
