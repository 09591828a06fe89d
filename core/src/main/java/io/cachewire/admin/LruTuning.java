package io.cachewire.admin;

import io.cachewire.IllegalRequestException;

/**
 * The shares of the segmented LRU ({@code lru tune}).
 *
 * @param hotPercent of a slab class, 1 to 80; with {@code warmPercent} at most 80
 * @param warmPercent of a slab class, 1 to 80
 * @param maxHotFactor the hot list holds items younger than this times the age of the cold list, above 0
 * @param maxWarmFactor as before, for the warm list
 */
public record LruTuning(int hotPercent, int warmPercent, double maxHotFactor, double maxWarmFactor) {
    /**
     * Checks the parts.
     *
     * @throws IllegalRequestException when one of them is out of its range
     */
    public LruTuning {
        boolean percents = hotPercent >= 1 && warmPercent >= 1 && hotPercent + (long) warmPercent <= 80;
        boolean factors = maxHotFactor > 0 && maxHotFactor < 1e6 && maxWarmFactor > 0 && maxWarmFactor < 1e6;
        if (!percents || !factors) {
            throw new IllegalRequestException(
                    "percents are 1 or more and 80 at most together, factors above 0 and below a million");
        }
    }
}
