package io.cachewire.routing;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** A locator over the servers that are in use, speaking of them by their indexes in the full list. */
final class EjectingLocator implements NodeLocator {
    private final NodeLocator live;
    private final int[] indexes;

    private EjectingLocator(NodeLocator live, int[] indexes) {
        this.live = live;
        this.indexes = indexes;
    }

    static LocatorFactory factory(LocatorFactory rule) {
        return new LocatorFactory() {
            @Override
            public NodeLocator build(List<ServerAddress> servers) {
                return rule.build(servers);
            }

            @Override
            public NodeLocator build(List<ServerAddress> servers, BitSet down) {
                int[] indexes = IntStream.range(0, servers.size())
                        .filter(i -> !down.get(i))
                        .toArray();
                if (indexes.length == 0 || indexes.length == servers.size()) {
                    return rule.build(servers);
                }
                List<ServerAddress> inUse =
                        IntStream.of(indexes).mapToObj(servers::get).toList();
                return new EjectingLocator(rule.build(inUse), indexes);
            }
        };
    }

    @Override
    public int locate(DataBlock routingKey) {
        return indexes[live.locate(routingKey)];
    }

    @Override
    public int locateHash(long hash) {
        return indexes[live.locateHash(hash)];
    }

    @Override
    public int locate(DataBlock routingKey, int attempt) {
        return inFullList(live.locate(routingKey, attempt));
    }

    @Override
    public int locateHash(long hash, int attempt) {
        return inFullList(live.locateHash(hash, attempt));
    }

    private int inFullList(int node) {
        return node < 0 ? node : indexes[node];
    }
}
