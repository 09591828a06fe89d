package io.cachewire.routing;

import io.cachewire.DataBlock;

/**
 * Turns a routing key into the number that a locator maps to a node. Pure and safe for any thread: the same bytes
 * give the same number in every process, or clients that share servers no longer find each other's items.
 *
 * <p>Known ones: {@link LibmemcachedHash}, {@link CommonHash}, {@link JvmHash}.
 */
@FunctionalInterface
public interface HashFunction {
    /**
     * The hash of the bytes. A 32-bit hash is given unsigned, 0 to 2^32 - 1; a ring takes the low 32 bits of whatever
     * comes, a bucket list takes the number modulo its length, never negative.
     */
    long hash(DataBlock routingKey);
}
