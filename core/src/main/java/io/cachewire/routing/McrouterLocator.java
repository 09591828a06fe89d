package io.cachewire.routing;

import io.cachewire.DataBlock;

/**
 * mcrouter's Ch3, its default hash for a pool: a walk down a binary tree, steered by the bits of a chain of
 * MurmurHash64A. Servers are told apart by their place in the list; adding one at the end moves only the keys that it
 * gets. Weights play no part (WeightedCh3 is another rule).
 *
 * <p>mcrouter's Crc32 is {@link #crc32()}.
 *
 * <p>Key form: the part before the first {@code |#|}. A routing prefix {@code /region/cluster/} is mcrouter's own,
 * taken off before hashing and sending, and no part of the key here. An explicit hash stands for the first 64 bits of
 * the chain.
 *
 * <p>Further choices: none; what mcrouter does about a dead server is up to its route handles.
 */
public final class McrouterLocator implements NodeLocator {
    private static final int SEED = (int) 4193360111L;
    private static final int MAX_TRIES = 32;
    private static final int MAX_BITS = 23;

    private final int nodes;
    private final int treeBits;

    private McrouterLocator(int nodes) {
        Choices.checkServers(nodes);
        this.nodes = nodes;
        this.treeBits = Integer.SIZE - Integer.numberOfLeadingZeros(nodes - 1);
    }

    /** Ch3. */
    public static LocatorFactory ch3() {
        return servers -> {
            if (servers.size() > 1 << MAX_BITS) {
                throw new IllegalArgumentException("Ch3 places keys on at most 2^23 servers");
            }
            return new McrouterLocator(servers.size());
        };
    }

    /** Crc32: 31 bits of CRC-32 modulo the number of servers. */
    public static LocatorFactory crc32() {
        return ModuloLocator.over(key -> Crc32.of(key) & 0x7fffffff);
    }

    @Override
    public int locate(DataBlock routingKey) {
        return nodes == 1 ? 0 : locateHash(Murmur.murmur64A(routingKey, 0, hashedLength(routingKey), SEED));
    }

    private static int hashedLength(DataBlock key) {
        for (int i = 0; i + 2 < key.length(); i++) {
            if (key.at(i) == '|' && key.at(i + 1) == '#' && key.at(i + 2) == '|') {
                return i;
            }
        }
        return key.length();
    }

    @Override
    public int locateHash(long hash) {
        if (nodes == 1) {
            return 0;
        }
        BitChain bits = new BitChain(hash);
        int depth = treeBits;
        int at = depth;
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            while (!bits.at(at)) {
                if (--depth == 0) {
                    return 0;
                }
                at = depth;
            }
            at += MAX_BITS;
            int node = 1;
            for (int i = 0; i < depth - 1; i++) {
                node = node << 1 | (bits.at(at) ? 1 : 0);
                at += MAX_BITS;
            }
            if (node < nodes) {
                return node;
            }
        }
        return 0;
    }

    @Override
    public int locate(DataBlock routingKey, int attempt) {
        Choices.checkAttempt(attempt);
        return attempt == 0 ? locate(routingKey) : -1;
    }

    /** Bits without end: 64 of the first word, 64 of its hash, and so on. Rarely are more than two words computed. */
    private static final class BitChain {
        private final long first;
        private long word;
        private int wordIndex;

        BitChain(long first) {
            this.first = first;
            this.word = first;
        }

        boolean at(int bit) {
            int index = bit >> 6;
            if (index < wordIndex) {
                word = first;
                wordIndex = 0;
            }
            for (; wordIndex < index; wordIndex++) {
                word = Murmur.murmur64A(word, SEED);
            }
            return (word >>> (bit & 63) & 1) == 1;
        }
    }
}
