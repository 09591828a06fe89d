package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.fixture.MemcachedServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A client of the blocking face on a real server, in each of the dialects; what the tests of its operations
 * start from.
 */
@ParameterizedClass
@MethodSource("dialects")
public abstract class BlockingFace {
    protected static final ValueType<String> TEXT = ValueType.of(String.class);
    protected static final Instant PAST = Instant.now().minusSeconds(10);
    protected static MemcachedServer server;

    @Parameter
    protected Protocol protocol;

    /** A subclass has a method of this name when its operations are not there in each dialect. */
    protected static List<Protocol> dialects() {
        return List.of(Protocol.META, Protocol.TEXT, Protocol.BINARY);
    }

    protected BlockingMemcachedClient cache;

    @BeforeAll
    protected static void startServer() {
        server = MemcachedServer.start();
    }

    @AfterAll
    protected static void stopServer() {
        server.close();
    }

    @BeforeEach
    protected void openClient() {
        cache = client(server.address().toString());
        cache.flushAll();
    }

    @AfterEach
    protected void disconnect() {
        cache.close();
    }

    protected BlockingMemcachedClient client(String address) {
        return BlockingMemcachedClient.builder(address)
                .protocol(protocol)
                .requestTimeout(Duration.ofSeconds(10))
                .backoff(Duration.ofMinutes(1), Duration.ofMinutes(1))
                .build();
    }

    protected boolean speaksMeta() {
        return protocol == Protocol.META;
    }

    protected boolean text() {
        return protocol == Protocol.TEXT;
    }

    protected boolean binary() {
        return protocol == Protocol.BINARY;
    }

    protected long connectionsSoFar() {
        return Long.parseLong(cache.stats().get(server.address()).get("total_connections"));
    }

    protected static void assertBetween(long least, long most, Duration found) {
        assertTrue(found.toSeconds() >= least && found.toSeconds() <= most, () -> found.toString());
    }
}
