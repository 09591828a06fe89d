package io.cachewire.routing;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import io.cachewire.routing.InteropVectors.Row;
import java.util.List;

/** The locator that a row's client, settings and servers come to. */
record RecordedSetup(Row row, LocatorFactory factory, List<ServerAddress> servers, String hashedPrefix) {
    RecordedSetup(Row row, LocatorFactory factory, List<ServerAddress> servers) {
        this(row, factory, servers, "");
    }

    static RecordedSetup of(Row row) {
        return switch (row.client()) {
            case "libmemcached" -> LibmemcachedBehaviors.setup(row);
            default -> throw new AssertionError("nobody knows " + row.client());
        };
    }

    NodeLocator locator() {
        return factory.build(servers);
    }

    DataBlock routingKey(int i) {
        return hashedPrefix.isEmpty() ? row.key(i) : DataBlock.ofUtf8(hashedPrefix + row.keys().get(i));
    }
}
