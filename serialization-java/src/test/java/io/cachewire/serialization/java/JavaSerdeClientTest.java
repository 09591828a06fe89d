package io.cachewire.serialization.java;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.MemcachedClient;
import io.cachewire.MemcachedClientExtensionsKt;
import io.cachewire.SerdeException;
import io.cachewire.ValueType;
import io.cachewire.fixture.MemcachedServer;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Format;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import kotlin.Unit;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A value of a class that is not on the list, put into the cache by somebody else, and read through a client. */
@Timeout(60)
final class JavaSerdeClientTest {
    private static final AtomicBoolean RAN = new AtomicBoolean();

    /** Runs code when it is read. */
    private static final class Trap implements Serializable {
        @Serial
        private static final long serialVersionUID = 1L;

        @Serial
        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            RAN.set(true);
            in.defaultReadObject();
        }
    }

    @Test
    @DisplayName(
            "S08 a class that is not on the list is refused to every face, nothing of it runs, and the connection stays")
    void refusedToEveryFace() throws Exception {
        JavaSerde serde = JavaSerde.allowing("io.cachewire.serialization.java.Person");
        try (MemcachedServer server = MemcachedServer.start();
                BlockingMemcachedClient blocking = BlockingMemcachedClient.builder(
                                server.address().toString())
                        .serde(serde)
                        .build();
                MemcachedClient suspending = MemcachedClientExtensionsKt.MemcachedClient(
                        new String[] {server.address().toString()}, config -> {
                            config.setSerde(serde);
                            return Unit.INSTANCE;
                        })) {
            store(server, "trap", new Trap());
            store(server, "hidden", (Serializable) Map.of("inside", new Trap()));
            for (String key : new String[] {"trap", "hidden"}) {
                refused(assertThrows(SerdeException.class, () -> blocking.get(key, Object.class)));
                CompletionException e = assertThrows(
                        CompletionException.class,
                        () -> blocking.async().get(key, Object.class).join());
                refused(assertInstanceOf(SerdeException.class, e.getCause()));
                refused(assertThrows(
                        SerdeException.class,
                        () -> BuildersKt.runBlocking(
                                EmptyCoroutineContext.INSTANCE,
                                (scope, then) -> suspending.get(key, ValueType.of(Object.class), then))));
            }
            assertFalse(RAN.get());
            blocking.set("k", "v");
            assertEquals("v", blocking.get("k", String.class));
        }
    }

    private static void refused(SerdeException e) {
        assertEquals(SerdeException.Reason.FORBIDDEN_CLASS, e.reason());
        assertFalse(RAN.get());
    }

    private static void store(MemcachedServer server, String key, Serializable value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        int flags = FlagScheme.DEFAULT.flags(Format.JAVA);
        try (Socket socket = new Socket(server.address().host(), server.port())) {
            socket.getOutputStream()
                    .write(("set " + key + " " + flags + " 0 " + bytes.size() + "\r\n").getBytes(US_ASCII));
            bytes.writeTo(socket.getOutputStream());
            socket.getOutputStream().write("\r\n".getBytes(US_ASCII));
            assertEquals("STORED\r\n", new String(socket.getInputStream().readNBytes(8), US_ASCII));
        }
    }
}
