package io.cachewire;

/**
 * A call over several keys or servers of which some failed. {@link #results()} has every key in exactly one bucket; the first failure
 * is the cause, the others are suppressed.
 */
public final class PartialResultException extends MemcachedException {
    private static final int MAX_SUPPRESSED = 16;

    private final transient MultiResults<?> results;

    /** Made by the multi-key calls; {@code results} has at least one failure. */
    public PartialResultException(MultiResults<?> results) {
        super(
                results.failed().size() + " of " + results.size() + " failed, the first: "
                        + results.failed().values().iterator().next().getMessage(),
                Delivery.INDETERMINATE,
                null,
                null,
                results.failed().values().iterator().next());
        this.results = results;
        results.failed().values().stream().skip(1).limit(MAX_SUPPRESSED).forEach(this::addSuppressed);
    }

    /** What became of each key. */
    public MultiResults<?> results() {
        return results;
    }
}
