package io.cachewire.internal.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How often undecodable values are logged. */
class UndecodableLogTest {
    @Test
    void countsAllOfThem() {
        AtomicLong now = new AtomicLong();
        UndecodableLog log = new UndecodableLog(() -> Instant.ofEpochMilli(now.get()));
        for (int i = 0; i < 1000; i++) {
            log.accept(new SerdeException(Reason.DECODE, "the bytes are not a number", null));
            now.addAndGet(100);
        }
        assertEquals(1000, log.count());
        assertEquals(2, log.logged());
    }
}
