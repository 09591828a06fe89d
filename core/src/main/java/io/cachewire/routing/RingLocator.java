package io.cachewire.routing;

import io.cachewire.DataBlock;

/**
 * What the locators on a ring share: hash the key, find a point, name its owner. Subclasses say how the ring is
 * built, and where to look further; as it stands the choices are the nodes in the order of their points from the
 * key's on, each once.
 */
abstract class RingLocator implements NodeLocator {
    final Continuum ring;
    final HashFunction keyHash;

    RingLocator(Continuum ring, HashFunction keyHash) {
        this.ring = ring;
        this.keyHash = keyHash;
    }

    /** The position on the ring that a hash belongs to. */
    int position(int hash) {
        return ring.ceiling(hash);
    }

    @Override
    public final int locate(DataBlock routingKey) {
        return ring.nodeCount() == 1 ? 0 : locateHash(keyHash.hash(routingKey));
    }

    @Override
    public final int locateHash(long hash) {
        return ring.owner(position((int) hash));
    }

    @Override
    public final int locate(DataBlock routingKey, int attempt) {
        Choices.checkAttempt(attempt);
        return attempt == 0 ? locate(routingKey) : ring.nodeCount() == 1 ? -1 : further(routingKey, attempt);
    }

    @Override
    public final int locateHash(long hash, int attempt) {
        Choices.checkAttempt(attempt);
        return attempt == 0 ? locateHash(hash) : ring.distinct(position((int) hash), attempt);
    }

    /**
     * The choice after {@code attempt} failed ones, 1 or more, on a ring of two or more nodes; -1 when there is none.
     */
    int further(DataBlock routingKey, int attempt) {
        return ring.distinct(position((int) keyHash.hash(routingKey)), attempt);
    }
}
