package io.cachewire;

/**
 * An argument out of its range: a TTL of zero, a delta below zero, flags above 32 bits, a server address that does not parse.
 * Nothing was sent.
 */
public final class IllegalRequestException extends MemcachedException {
    /** Made by whoever checks the argument; {@code what} names it and its range. */
    public IllegalRequestException(String what) {
        super(what, Delivery.NOT_SENT, null, null, null);
    }

    /** Made for code of the user's that the request needs, such as a locator, and that has thrown. */
    public IllegalRequestException(String what, Throwable cause) {
        super(what, Delivery.NOT_SENT, null, null, cause);
    }
}
