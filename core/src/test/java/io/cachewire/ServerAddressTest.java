package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {
    @ParameterizedTest
    @CsvSource({
        "cache-1, cache-1, 11211, 1, cache-1:11211",
        "cache-1:1, cache-1, 1, 1, cache-1:1",
        "cache-1:65535:7, cache-1, 65535, 7, cache-1:65535",
        "10.0.0.1:11212, 10.0.0.1, 11212, 1, 10.0.0.1:11212",
        "[::1], ::1, 11211, 1, [::1]:11211",
        "[::1]:11212, ::1, 11212, 1, [::1]:11212",
        "[fe80::1%eth0]:11212:3, fe80::1%eth0, 11212, 3, [fe80::1%eth0]:11212",
        "/run/memcached.sock, /run/memcached.sock, 0, 1, /run/memcached.sock",
        "unix:/run/memcached.sock, /run/memcached.sock, 0, 1, /run/memcached.sock",
    })
    void parse(String text, String host, int port, int weight, String shown) {
        ServerAddress address = ServerAddress.parse(text);
        assertEquals(new ServerAddress(host, port, weight), address);
        assertEquals(shown, address.toString());
        assertEquals(address.withWeight(1), ServerAddress.parse(shown));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ":",
                ":11211",
                "host:",
                "host::1",
                "host:11211:",
                "host:11211:1:1",
                "host:0",
                "host:65536",
                "host:99999999999999999999",
                "host:-1",
                "host:+1",
                "host:1e3",
                "host:0x10",
                "host: 11211",
                "host :11211",
                "host:11211 ",
                "ho st",
                "ho\tst:1",
                "host\r\nflush_all",
                "host\u0000:1",
                "host:\u0661\u0661",
                "host:11211:0",
                "host:11211:-3",
                "host:11211:1.5",
                "user@host:11211",
                "user:secret@host:11211",
                "memcached://host:11211",
                "http://host",
                "host/path",
                "host?x=1",
                "host#x",
                "a,b",
                "host:1,host:2",
                "::1",
                "::1:11211",
                "fe80::1:11211",
                "2001:db8::1",
                "[::1",
                "::1]",
                "[]",
                "[]:1",
                "[::1]11211",
                "[::1]:",
                "[::1]:0",
                "[[::1]]:1",
                "udp",
                "unix:",
                "unix:relative.sock",
                "unix://host/path with blank",
                "/run/with blank.sock",
            })
    void textsThatAreNoAddress(String text) {
        IllegalRequestException e = assertThrows(IllegalRequestException.class, () -> ServerAddress.parse(text));
        assertTrue(e.getMessage().startsWith("bad server address \""), e.getMessage());
        assertTrue(e.getMessage().matches("[ -~]*"), e.getMessage());
        assertEquals(MemcachedException.Delivery.NOT_SENT, e.delivery());
        assertThrows(IllegalRequestException.class, () -> BlockingMemcachedClient.builder("good", text));
        assertThrows(IllegalRequestException.class, () -> AsyncMemcachedClient.builder(text));
        assertThrows(
                IllegalRequestException.class,
                () -> MemcachedClientExtensionsKt.MemcachedClient(new String[] {text}, config -> null));
    }

    @Test
    void aTextThatIsFarTooLong() {
        String text = "h".repeat(1025);
        IllegalRequestException e = assertThrows(IllegalRequestException.class, () -> ServerAddress.parse(text));
        assertTrue(e.getMessage().length() < 200, e.getMessage());
    }

    @Test
    void isUnix() {
        assertTrue(ServerAddress.parse("/run/m.sock").isUnix());
        assertFalse(ServerAddress.parse("run").isUnix());
        assertThrows(IllegalRequestException.class, () -> new ServerAddress("/run/m.sock", 11211));
        assertThrows(IllegalRequestException.class, () -> new ServerAddress("host", 0));
    }

    @Test
    void withWeight() {
        ServerAddress heavy = ServerAddress.parse("host:1").withWeight(5);
        assertEquals(new ServerAddress("host", 1, 5), heavy);
        assertThrows(IllegalRequestException.class, () -> heavy.withWeight(0));
    }
}
