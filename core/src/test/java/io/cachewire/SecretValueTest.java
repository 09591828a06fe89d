package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.fixture.MemcachedServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stored value is in no message, no cause and no text form, whatever goes wrong with it. */
class SecretValueTest {
    private static final String SECRET = "hunter2-never-in-a-message";

    private static <E extends MemcachedException> void failsSilently(Class<E> type, Executable call) {
        StringWriter trace = new StringWriter();
        assertThrows(type, call).printStackTrace(new PrintWriter(trace));
        assertFalse(trace.toString().contains(SECRET), trace::toString);
        assertTrue(trace.toString().contains("key \"k\""), trace::toString);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void failuresOfARealServer(Protocol protocol) {
        try (MemcachedServer server = MemcachedServer.start();
                BlockingMemcachedClient cache = BlockingMemcachedClient.builder(
                                server.address().toString())
                        .protocol(protocol)
                        .maxValueBytes(4 << 20)
                        .build()) {
            cache.set("k", SECRET);
            failsSilently(SerdeException.class, () -> cache.get("k", Long.class));
            failsSilently(SerdeException.class, () -> cache.get("k", Boolean.class));
            failsSilently(SerdeException.class, () -> cache.get("k", Thread.class));
            failsSilently(SerdeException.class, () -> cache.gets("k", Double.class));
            failsSilently(SerdeException.class, () -> cache.item("k", Integer.class));
            failsSilently(PartialResultException.class, () -> cache.getAll(List.of("k"), Integer.class));
            failsSilently(NotANumberException.class, () -> cache.increment("k"));
            // over the server's limit, then over the client's
            failsSilently(ValueTooLargeException.class, () -> cache.set("k", SECRET.repeat(60_000)));
            failsSilently(ValueTooLargeException.class, () -> cache.append("k", SECRET.repeat(200_000)));
            PartialResultException partial = new PartialResultException(
                    cache.setAllResults(Map.of("k", SECRET.repeat(200_000)), Expiry.never()));
            failsSilently(PartialResultException.class, () -> {
                throw partial;
            });
        }
    }

    @Test
    void textForms() {
        assertEquals("TypedValue[java.lang.String]", TypedValue.of(SECRET).toString());
        assertFalse(DataBlock.ofUtf8(SECRET).toString().contains(SECRET));
    }
}
