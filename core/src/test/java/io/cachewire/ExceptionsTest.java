package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.MemcachedException.Delivery;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExceptionsTest {
    private static final ServerAddress SERVER = new ServerAddress("cache-1", 11211);
    private static final Throwable CAUSE = new java.io.IOException("reset");

    static List<MemcachedException> oneOfEach() {
        return List.of(
                new AuthenticationException("cannot log in", SERVER, "k", CAUSE),
                new CallInterruptedException(Delivery.INDETERMINATE, "k"),
                new ClientBrokenException("needs a library", Delivery.INDETERMINATE, SERVER, "k", CAUSE),
                new ClientClosedException(Delivery.NOT_SENT, SERVER, "k"),
                new CommandRefusedException("BUSY currently processing crawler request", SERVER),
                new ConnectionLostException("broke", Delivery.INDETERMINATE, SERVER, "k", CAUSE),
                new IllegalKeyException(IllegalKeyException.Reason.EMPTY, "empty", ""),
                new IllegalRequestException("the delta must be 0 or more"),
                new NotANumberException(SERVER, "k"),
                new OverloadedException("too many", SERVER, "k"),
                new PartialResultException(
                        new MultiResults.Got<>(Map.of(), Set.of(), Map.of("k", new NotANumberException(SERVER, "k")))),
                new ProtocolException("garbage", Delivery.INDETERMINATE, SERVER, "k"),
                new RequestTimeoutException("timed out", Delivery.INDETERMINATE, SERVER, "k"),
                new SerdeException(SerdeException.Reason.DECODE, "not JSON", CAUSE),
                new ServerErrorException("SERVER_ERROR out of memory", true, SERVER, "k"),
                new UnsupportedByServerException(ServerCapability.MGDUMP, new ServerVersion(1, 6, 18), SERVER, "k"),
                new UpdateConflictException(100, "k"),
                new ValueTooLargeException("too long", Delivery.NOT_SENT, null, "k"));
    }

    @Test
    void theListHasAllOfTheFamily() {
        Set<?> permitted = Set.of(MemcachedException.class.getPermittedSubclasses());
        assertEquals(
                permitted, Set.copyOf(oneOfEach().stream().map(Object::getClass).toList()));
    }

    @ParameterizedTest
    @MethodSource("oneOfEach")
    void messagesNameServerAndKey(MemcachedException e) {
        String where = Stream.of(
                        e.server() == null ? null : "server cache-1:11211",
                        e.key() == null ? null : "key \"" + e.key() + "\"")
                .filter(part -> part != null)
                .reduce((a, b) -> a + ", " + b)
                .map(both -> " [" + both + "]")
                .orElse("");
        assertTrue(e.getMessage().endsWith(where), e.getMessage());
        boolean quotes = e instanceof PartialResultException;
        assertEquals(where.isEmpty() && !quotes, !e.getMessage().endsWith("]"), e.getMessage());
    }

    @ParameterizedTest
    @MethodSource("oneOfEach")
    void canBeSerialized(MemcachedException e) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(e);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            MemcachedException read = (MemcachedException) in.readObject();
            assertEquals(e.getClass(), read.getClass());
            assertEquals(e.getMessage(), read.getMessage());
            assertEquals(e.delivery(), read.delivery());
            assertEquals(e.key(), read.key());
        }
    }

    @Test
    void theKeyIsEscapedInTheMessageOnly() {
        MemcachedException e = new OverloadedException("full", SERVER, Key.routed("a\r\nb\"", "r"));
        assertEquals("overloaded: full [server cache-1:11211, key \"a\\r\\nb\\\"\"]", e.getMessage());
        assertEquals("a\r\nb\"", e.key());
        assertSame(SERVER, e.server());
    }

    @Test
    void aServersLineIsEscaped() {
        MemcachedException e = new ServerErrorException("SERVER_ERROR \u001b[2J", false, null, null);
        assertEquals("the server answered: SERVER_ERROR \\u001b[2J", e.getMessage());
        assertFalse(new ServerErrorException("ERROR", false, SERVER, "k").isRetryable());
        assertTrue(new ServerErrorException("SERVER_ERROR", true, SERVER, "k").isRetryable());
    }

    @Test
    void whatIsKnownOfTheDelivery() {
        assertEquals(Delivery.NOT_SENT, new IllegalRequestException("x").delivery());
        assertEquals(
                Delivery.NOT_SENT, new IllegalKeyException(IllegalKeyException.Reason.EMPTY, "empty", "").delivery());
        assertEquals(Delivery.NOT_SENT, new OverloadedException("x", SERVER, "k").delivery());
        assertEquals(Delivery.ANSWERED, new NotANumberException(SERVER, "k").delivery());
        assertEquals(Delivery.ANSWERED, new ServerErrorException("ERROR", false, SERVER, "k").delivery());
        assertEquals(Delivery.ANSWERED, new UpdateConflictException(100, "k").delivery());
    }

    @Test
    void aSerdeFailureIsGivenItsPlace() {
        SerdeException bare = new SerdeException(SerdeException.Reason.LIMIT, "too deep", CAUSE);
        assertNull(bare.key());
        assertEquals(Delivery.NOT_SENT, bare.delivery());
        SerdeException placed = bare.at(Delivery.ANSWERED, SERVER, "k");
        assertEquals("too deep [server cache-1:11211, key \"k\"]", placed.getMessage());
        assertEquals(SerdeException.Reason.LIMIT, placed.reason());
        assertSame(CAUSE, placed.getCause());
        assertEquals(Delivery.ANSWERED, placed.delivery());
    }
}
