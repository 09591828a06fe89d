package io.cachewire.samples.doctor;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.DataBlock;
import io.cachewire.IllegalKeyException;
import io.cachewire.Item;
import io.cachewire.Key;
import io.cachewire.KeyEncoding;
import io.cachewire.ServerAddress;
import io.cachewire.admin.DumpedItem;
import io.cachewire.meta.MetaGet;
import io.cachewire.serde.FlagScheme;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lists the keys of one server and reads its items as they are stored. A read leaves no trace there, but an item that was marked
 * stale has given its turn away. A failure is a {@link io.cachewire.MemcachedException}.
 */
final class ServerReader implements AutoCloseable {
    /** Longer items are not read. */
    static final int MOST_BYTES = 1 << 20;

    private static final int LONGEST_VALUE = 1 << 30;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ServerAddress server;
    private final BlockingMemcachedClient client;

    ServerReader(ServerAddress server) {
        this.server = server;
        client = BlockingMemcachedClient.builder()
                .servers(List.of(server))
                .connectTimeout(PATIENCE)
                .requestTimeout(PATIENCE)
                .keyEncoding(KeyEncoding.BASE64)
                .flagScheme(FlagScheme.builder().build())
                // an item may have grown since it was listed
                .maxValueBytes(LONGEST_VALUE)
                .memoryBudget(LONGEST_VALUE)
                .build();
    }

    /**
     * A sample of the items: each has the same chance.
     *
     * @param most items in the sample
     */
    Listing list(int most) {
        List<DumpedItem> sample = new ArrayList<>();
        // the same sample for the same dump
        Random random = new Random(1);
        long seen = 0;
        try (Stream<DumpedItem> dump = client.admin().metadump(server)) {
            for (Iterator<DumpedItem> items = dump.iterator(); items.hasNext(); ) {
                DumpedItem item = items.next();
                seen++;
                if (sample.size() < most) {
                    sample.add(item);
                } else {
                    long place = random.nextLong(seen);
                    if (place < most) {
                        sample.set((int) place, item);
                    }
                }
            }
        }
        return new Listing(sample, seen);
    }

    /** The item as it is stored, or null when it is gone, is longer than {@link #MOST_BYTES}, or has a key that base64 makes too long. */
    @Nullable
    Item<DataBlock> read(DumpedItem item) {
        Long size = item.size();
        if (size != null && size > MOST_BYTES) {
            return null;
        }
        try {
            Key key = Key.ofBytes(item.keyBytes().toByteArray());
            return client.meta()
                    .get(key, DataBlock.class, MetaGet.plain().withoutBump())
                    .item();
        } catch (IllegalKeyException e) {
            return null;
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** A sample of the items, and how many there were. */
    record Listing(List<DumpedItem> sample, long all) {}
}
