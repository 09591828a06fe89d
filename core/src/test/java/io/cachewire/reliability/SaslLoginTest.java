package io.cachewire.reliability;

import static io.cachewire.fixture.InTime.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.AuthenticationException;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ConnectionLostException;
import io.cachewire.Credentials;
import io.cachewire.MemcachedException;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.Protocol;
import io.cachewire.ServerAddress;
import io.cachewire.fixture.BinaryServer;
import io.cachewire.fixture.BinaryServer.Packet;
import io.cachewire.fixture.MemcachedServer;
import io.cachewire.fixture.SaslUsers;
import io.cachewire.internal.protocol.BinaryReplies;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The login of the binary protocol: to a real server by each mechanism, and to servers that lie. */
@Timeout(60)
class SaslLoginTest {
    private static final String USER = "alice";
    private static final String PASSWORD = "s3cret-w0rd";
    private static final int NOOP = 0x0a;
    private static final int MECHANISMS = 0x20;
    private static final int AUTH = 0x21;
    private static final int STEP = 0x22;
    private static final int CONTINUE = 0x21;

    @BeforeAll
    static void needsTheTool() {
        SaslUsers.assumeTool();
    }

    private static BlockingMemcachedClient client(ServerAddress server, Credentials credentials) {
        return BlockingMemcachedClient.builder(server.toString())
                .protocol(Protocol.BINARY)
                .credentials(credentials)
                .requestTimeout(Duration.ofSeconds(10))
                .connectTimeout(Duration.ofSeconds(5))
                .backoff(Duration.ofSeconds(2), Duration.ofSeconds(2))
                .build();
    }

    @DisplayName("F61 a real server with SASL: right and wrong passwords, restart, and no credentials")
    @ParameterizedTest
    @ValueSource(strings = {"plain", "scram-sha-256", "plain scram-sha-256 scram-sha-1"})
    void realServer(String mechanisms) {
        String password = "pass, word=\u00e9";
        try (MemcachedServer server = MemcachedServer.with("-v")
                .sasl(USER, password, mechanisms.split(" "))
                .start()) {
            try (BlockingMemcachedClient cache = client(server.address(), Credentials.of(USER, password))) {
                cache.set("k", "v");
                assertEquals("v", cache.get("k", String.class));
                cache.setAll(Map.of("a", "1", "b", "2"));
                assertEquals(Map.of("a", "1", "b", "2"), cache.getAll(List.of("a", "b", "c"), String.class));
                server.restart();
                cache.forgetDeadServers();
                Awaitility.await().until(() -> succeeds(() -> cache.set("k", "v")));
            }
            boolean scram = mechanisms.contains("scram-sha-256");
            assertTrue(
                    server.output().contains(scram ? "mech:  ``SCRAM-SHA-256''" : "mech:  ``PLAIN''"), server::output);
            for (Credentials wrong :
                    List.of(Credentials.of(USER, "wrong-" + PASSWORD), Credentials.of("bob", password))) {
                try (BlockingMemcachedClient cache = client(server.address(), wrong)) {
                    AuthenticationException refused =
                            assertThrows(AuthenticationException.class, () -> cache.get("k", String.class));
                    assertEquals(Delivery.NOT_SENT, refused.delivery());
                    assertFalse(refused.toString().contains(PASSWORD));
                    assertThrows(AuthenticationException.class, () -> cache.set("k", "v"));
                }
            }
            try (BlockingMemcachedClient cache = client(server.address(), null)) {
                assertThrows(AuthenticationException.class, () -> cache.get("k", String.class));
            }
        }
    }

    private static boolean succeeds(Runnable call) {
        try {
            call.run();
            return true;
        } catch (MemcachedException e) {
            return false;
        }
    }

    @DisplayName(
            "F61 a password that SASLprep changes: Cyrus keeps it as it was set, so PLAIN succeeds and SCRAM fails")
    @ParameterizedTest
    @ValueSource(strings = {"word\u00aa", "soft\u00adhyphen", "e\u0301", "no\u00a0break"})
    void preparedPasswords(String password) {
        try (MemcachedServer server =
                        MemcachedServer.with().sasl(USER, password, "plain").start();
                BlockingMemcachedClient cache = client(server.address(), Credentials.of(USER, password))) {
            cache.set("k", "v");
            assertEquals("v", cache.get("k", String.class));
        }
        try (MemcachedServer server = MemcachedServer.with()
                        .sasl(USER, password, "scram-sha-256")
                        .start();
                BlockingMemcachedClient cache = client(server.address(), Credentials.of(USER, password))) {
            AuthenticationException refused =
                    assertThrows(AuthenticationException.class, () -> cache.get("k", String.class));
            assertFalse(refused.toString().contains(password));
        }
        // the same password, set as SASLprep has it
        String prepared = java.text.Normalizer.normalize(
                password.replace("\u00ad", "").replace('\u00a0', ' '), java.text.Normalizer.Form.NFKC);
        try (MemcachedServer server = MemcachedServer.with()
                        .sasl(USER, prepared, "scram-sha-256")
                        .start();
                BlockingMemcachedClient cache = client(server.address(), Credentials.of(USER, password))) {
            cache.set("k", "v");
        }
    }

    @DisplayName("F61 a real server that offers no mechanism of ours")
    @Test
    void noCommonMechanism() {
        try (MemcachedServer server =
                        MemcachedServer.with().sasl(USER, PASSWORD, "cram-md5").start();
                BlockingMemcachedClient cache = client(server.address(), Credentials.of(USER, PASSWORD))) {
            AuthenticationException refused =
                    assertThrows(AuthenticationException.class, () -> cache.get("k", String.class));
            assertTrue(refused.getMessage().contains("CRAM-MD5"), refused::getMessage);
        }
    }

    @DisplayName("S17 a server without SASL is sent no credentials (BINARY)")
    @Test
    void noSasl() {
        try (MemcachedServer server = MemcachedServer.start();
                BlockingMemcachedClient cache = client(server.address(), Credentials.of(USER, PASSWORD))) {
            AuthenticationException refused =
                    assertThrows(AuthenticationException.class, () -> cache.get("k", String.class));
            assertTrue(refused.getMessage().contains("the credentials were not sent"), refused::getMessage);
        }
    }

    /** Offers these mechanisms, and answers everything else of a login by the script. */
    private static BinaryServer.Script offering(String mechanisms, BinaryServer.Script script) {
        return packet -> packet.code() == MECHANISMS
                ? BinaryReplies.to(MECHANISMS, packet.opaque())
                        .value(mechanisms)
                        .bytes()
                : script.answer(packet);
    }

    private static byte[] challenge(Packet packet, String text) {
        return BinaryReplies.to(packet.code(), packet.opaque())
                .status(CONTINUE)
                .value(text)
                .bytes();
    }

    private static String nonceOf(Packet first) {
        String text = first.value().toUtf8();
        return text.substring(text.indexOf("r=") + 2);
    }

    private static void refuses(BinaryServer.Script script) {
        try (BinaryServer server = BinaryServer.start(script);
                BlockingMemcachedClient cache = client(server.address(), Credentials.of(USER, PASSWORD))) {
            MemcachedException refused = assertThrows(MemcachedException.class, () -> cache.set("k", "v"));
            assertEquals(Delivery.NOT_SENT, refused.delivery());
            assertFalse(refused.toString().contains(PASSWORD));
            assertTrue(
                    server.packets().stream().allMatch(packet -> packet.code() >= MECHANISMS && packet.code() <= STEP),
                    () -> server.packets().toString());
        }
    }

    @DisplayName("S17 a reply of another kind to the login is refused (BINARY)")
    @Test
    void forgedReplies() {
        for (int code : new int[] {0x01, 0x08, NOOP, 0x0b, 0x10, MECHANISMS, STEP}) {
            refuses(offering(
                    "PLAIN",
                    packet -> BinaryReplies.to(AUTH, packet.opaque())
                            .with(1, code)
                            .bytes()));
        }
        for (int code : new int[] {0x01, 0x08, NOOP, 0x0b, 0x10}) {
            refuses(offering("PLAIN", packet -> BinaryReplies.done(code, packet.opaque())));
        }
        refuses(offering("PLAIN", packet -> BinaryReplies.done(AUTH, packet.opaque() + 1)));
        refuses(offering("PLAIN", packet -> challenge(packet, "more")));
        refuses(offering(
                "PLAIN",
                packet -> BinaryReplies.to(AUTH, packet.opaque()).status(1).bytes()));
        refuses(offering(
                "PLAIN",
                packet -> BinaryReplies.joined(BinaryReplies.done(AUTH, packet.opaque()), BinaryReplies.done(NOOP, 0))
                        .toByteArray()));
        refuses(packet -> BinaryReplies.done(AUTH, packet.opaque()));
        refuses(packet -> null);
    }

    @DisplayName("S17 a server that does not know the password is refused by SCRAM, which has not shown it")
    @Test
    void forgedScram() {
        refuses(offering(
                "SCRAM-SHA-256",
                packet -> BinaryReplies.to(AUTH, packet.opaque())
                        .value("Authenticated")
                        .bytes()));
        refuses(offering("SCRAM-SHA-256", packet -> challenge(packet, "r=mine,s=QSXCR+Q6sek8bf92,i=4096")));
        for (String last : List.of("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", "e=other-error", "")) {
            refuses(offering(
                    "SCRAM-SHA-256",
                    packet -> packet.code() == AUTH
                            ? challenge(packet, "r=" + nonceOf(packet) + "x,s=QSXCR+Q6sek8bf92,i=4096")
                            : challenge(packet, last)));
        }
        refuses(offering(
                "SCRAM-SHA-256",
                packet -> packet.code() == AUTH
                        ? challenge(packet, "r=" + nonceOf(packet) + "x,s=QSXCR+Q6sek8bf92,i=4096")
                        : BinaryReplies.done(STEP, packet.opaque())));
    }

    @DisplayName("S17 nothing is sent before the login has been accepted (BINARY)")
    @Test
    void nothingBehindTheLogin() {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch accept = new CountDownLatch(1);
        BinaryServer.Script script = offering("PLAIN", packet -> {
            if (packet.code() == AUTH) {
                asked.countDown();
                await(accept);
            }
            return BinaryReplies.done(packet.code(), packet.opaque());
        });
        try (BinaryServer server = BinaryServer.start(script);
                BlockingMemcachedClient cache = client(server.address(), Credentials.of(USER, PASSWORD))) {
            var call = cache.async().set("k", "v");
            await(asked);
            assertEquals(
                    List.of(MECHANISMS, AUTH),
                    server.packets().stream().map(Packet::code).toList());
            assertFalse(call.isDone());
            accept.countDown();
            call.join();
            assertEquals(
                    List.of(MECHANISMS, AUTH, NOOP, 0x01),
                    server.packets().stream().map(Packet::code).toList());
        }
    }

    @DisplayName("F61 a login that is lost half-way says so (BINARY)")
    @Test
    void lostLogin() {
        try (BinaryServer server = BinaryServer.start(offering("PLAIN", packet -> null));
                BlockingMemcachedClient cache = client(server.address(), Credentials.of(USER, PASSWORD))) {
            assertEquals(
                    Delivery.NOT_SENT,
                    assertThrows(ConnectionLostException.class, () -> cache.set("k", "v"))
                            .delivery());
        }
    }
}
