package io.cachewire.routing;

import io.cachewire.DataBlock;

/**
 * Maps a routing key to a node. Immutable, safe for any thread, built for one list of servers by a
 * {@link LocatorFactory}; nodes are named by their index in that list.
 */
public interface NodeLocator {
    /**
     * The node for a routing key.
     *
     * @param routingKey the bytes that decide the place: the key (with or without namespace, see the client's
     *     settings), or the key's routing text
     * @return an index into the list of servers
     */
    int locate(DataBlock routingKey);

    /**
     * The node for an explicit hash: the number stands in place of what this locator's hash function would have given.
     *
     * @return an index into the list of servers
     */
    int locateHash(long hash);

    /**
     * Where to look when earlier choices are out of use.
     *
     * @param routingKey as for {@link #locate}
     * @param attempt 0 for the node that {@link #locate} names, 1 for the next choice, and so on
     * @return an index into the list of servers, perhaps one named before, or -1 when this locator has no further
     *     choice
     */
    int locate(DataBlock routingKey, int attempt);

    /**
     * Where to look for an explicit hash when earlier choices are out of use. Rules that find further choices by
     * hashing the key anew have none here.
     *
     * @param hash as for {@link #locateHash(long)}
     * @param attempt 0 for the node that {@link #locateHash(long)} names, 1 for the next choice, and so on
     * @return an index into the list of servers, or -1 when this locator has no further choice
     */
    default int locateHash(long hash, int attempt) {
        Choices.checkAttempt(attempt);
        return attempt == 0 ? locateHash(hash) : -1;
    }
}
