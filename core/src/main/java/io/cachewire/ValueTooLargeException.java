package io.cachewire;

import org.jspecify.annotations.Nullable;

/**
 * A value over the item size limit: refused before it was sent when it exceeds the client's own {@code maxValueBytes}, else by the
 * server, which then also <em>removes the old value</em> of the key (memcached 1.6, {@code set}). On reading: a value over
 * {@code maxValueBytes}, which was read past; one of more than 16 times that ends the connection.
 */
public final class ValueTooLargeException extends MemcachedException {
    /** Made by the client. */
    public ValueTooLargeException(
            String what, Delivery delivery, @Nullable ServerAddress server, @Nullable CharSequence key) {
        super("value too large: " + what, delivery, server, key, null);
    }
}
