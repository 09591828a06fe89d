package io.cachewire.benchmarks.load;

/** A client gave a wrong answer; its figures are worth nothing. */
public final class WrongAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A sentence that says what was wrong. */
    public WrongAnswerException(String message) {
        super(message);
    }

    /** Fails unless a write was acknowledged. */
    public static void requireStored(boolean stored) {
        if (!stored) {
            throw new WrongAnswerException("a write was not stored");
        }
    }
}
