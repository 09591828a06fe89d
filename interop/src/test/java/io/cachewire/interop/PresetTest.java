package io.cachewire.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ClientSettings;
import io.cachewire.KeyEncoding;
import io.cachewire.NamespaceRouting;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.routing.RoutingPreset;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Format;
import io.cachewire.serde.Serde;
import io.cachewire.serde.SerdeChain;
import io.cachewire.serde.Utf8;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a preset sets, and how values of every kind go through one. */
class PresetTest {
    private static ClientSettings settings(InteropPreset preset) {
        return BlockingMemcachedClient.builder("127.0.0.1").interop(preset).settings();
    }

    @Test
    void onePresetSetsPlacesFlagsKeysAndNamespace() {
        ClientSettings php = settings(Interop.phpMemcached());
        assertSame(RoutingPreset.LIBMEMCACHED, php.locator());
        assertEquals(1, php.serdes().size());
        assertEquals(KeyEncoding.ASCII, php.keyEncoding());
        assertEquals(NamespaceRouting.NOT_HASHED, php.namespaceRouting());
        ClientSettings fast = settings(Interop.cacheMemcachedFast());
        assertEquals(NamespaceRouting.HASHED, fast.namespaceRouting());
        assertEquals(KeyEncoding.UTF8, fast.keyEncoding());
    }

    @Test
    void whatComesAfterThePresetOverridesIt() {
        ClientSettings settings = BlockingMemcachedClient.builder("127.0.0.1")
                .interop(Interop.pymemcache())
                .locator(RoutingPreset.MEMJS)
                .namespaceRouting(NamespaceRouting.HASHED)
                .settings();
        assertSame(RoutingPreset.MEMJS, settings.locator());
        assertEquals(NamespaceRouting.HASHED, settings.namespaceRouting());
    }

    @Test
    void phpGetsNoIntegerThatItWouldRound() {
        BigInteger beyond = BigInteger.ONE.shiftLeft(63);
        for (InteropPreset preset :
                List.of(Interop.phpMemcached(), Interop.phpMemcached().json())) {
            Serde serde = preset.serde();
            for (Object value : List.of(beyond, List.of(List.of(beyond)), Map.of("n", beyond))) {
                ValueType<?> type = ValueType.of(value.getClass());
                SerdeException refused = assertThrows(SerdeException.class, () -> serde.encode("k", value, type));
                assertEquals(Reason.ENCODE, refused.reason());
            }
            Object least = List.of(Long.MIN_VALUE, beyond.negate());
            assertEquals(4, serde.encode("k", least, ValueType.of(List.class)).flags() & 5);
        }
    }

    @Test
    void phpOnTheBinaryProtocolTakesKeysInUtf8() {
        assertEquals(
                KeyEncoding.UTF8,
                settings(Interop.phpMemcached().unicodeKeys().json().zlib()).keyEncoding());
    }

    @Test
    void everyPresetBuildsAClient() {
        for (InteropPreset preset : List.of(
                Interop.pylibmc().ketama(),
                Interop.pythonMemcached(),
                Interop.pymemcache().json(),
                Interop.moecache(),
                Interop.dalli().json(),
                Interop.phpMemcached(),
                Interop.spymemcached().ketama(),
                Interop.xmemcached().ketamaNginx(),
                Interop.folsom(),
                Interop.gomemcache(),
                Interop.enyim().ketamaSha1(),
                Interop.memjs(),
                Interop.nodeMemcached().hashRing(),
                Interop.cacheMemcached(),
                Interop.cacheMemcachedFast().ketamaPoints(150))) {
            BlockingMemcachedClient.builder("127.0.0.1").interop(preset).build().close();
            String text = "grüße\r\n";
            SerdeChain chain = Clients.chain(preset);
            EncodedValue stored = chain.encode("k", text, ValueType.of(String.class));
            assertEquals(text, chain.decode("k", stored, ValueType.of(String.class)));
        }
    }

    private static final Map<String, Object> ORDER =
            Map.of("id", 17, "tags", List.of("x", "y"), "price", 1.5, "open", true);

    @Test
    void aMapOfPlainDataGoesThroughEveryClientThatHasThem() {
        ValueType<Map<String, Object>> type = new ValueType<>() {};
        for (InteropPreset preset : List.of(
                Interop.pylibmc(),
                Interop.pythonMemcached(),
                Interop.pymemcache().pickle(),
                Interop.pymemcache().json(),
                Interop.moecache(),
                Interop.dalli().json(),
                Interop.phpMemcached(),
                Interop.phpMemcached().json(),
                Interop.nodeMemcached())) {
            SerdeChain chain = Clients.chain(preset);
            EncodedValue stored = chain.encode("k", ORDER, type);
            Map<String, Object> back = chain.decode("k", stored, type);
            assertEquals(ORDER.keySet(), back.keySet());
            assertEquals(17L, back.get("id"));
            assertEquals(ORDER.get("tags"), back.get("tags"));
        }
    }

    @Test
    void typeArgumentsAreKeptForEveryElement() {
        SerdeChain chain = Clients.chain(Interop.pylibmc());
        EncodedValue stored = chain.encode("k", Map.of("a", List.of(1, 2)), ValueType.of(Map.class));
        assertEquals(
                Map.of("a", List.of(1, 2)), chain.decode("k", stored, new ValueType<Map<String, List<Integer>>>() {}));
        for (ValueType<?> wrong : List.of(
                new ValueType<Map<Long, Object>>() {},
                new ValueType<Map<String, List<String>>>() {},
                ValueType.of(String.class),
                ValueType.of(List.class))) {
            assertEquals(
                    Reason.DECODE,
                    assertThrows(SerdeException.class, () -> chain.decode("k", stored, wrong))
                            .reason());
        }
    }

    @Test
    void numbersAreConvertedOnlyExactly() {
        SerdeChain chain = Clients.chain(Interop.pythonMemcached());
        EncodedValue big = chain.encode("k", 1L << 40, ValueType.of(Long.class));
        assertEquals(1L << 40, chain.decode("k", big, ValueType.of(Long.class)));
        assertEquals(0x1p40, chain.decode("k", big, ValueType.of(Double.class)));
        for (Class<?> wrong :
                List.of(Integer.class, Short.class, Byte.class, Float.class, String.class, Boolean.class)) {
            assertThrows(SerdeException.class, () -> chain.decode("k", big, ValueType.of(wrong)));
        }
        EncodedValue text = chain.encode("k", "5", ValueType.of(String.class));
        assertThrows(SerdeException.class, () -> chain.decode("k", text, ValueType.of(Integer.class)));
    }

    @Test
    void aStoredNullIsAMiss() {
        RecordedRow none = RecordedRow.all("values-python").stream()
                .filter(row -> row.value().equals("none") && row.client().equals("pylibmc"))
                .findFirst()
                .orElseThrow();
        assertEquals(null, Clients.chain(Interop.pylibmc()).decode("k", none.stored(), ValueType.of(Object.class)));
    }

    @Test
    void whatTheFormatHasNoPlaceForIsRefused() {
        record Point(int x) {}
        for (InteropPreset preset :
                List.of(Interop.pylibmc(), Interop.phpMemcached(), Interop.memjs(), Interop.enyim())) {
            SerdeChain chain = Clients.chain(preset);
            SerdeException refused = assertThrows(
                    SerdeException.class, () -> chain.encode("k", new Point(1), ValueType.of(Point.class)));
            assertEquals(Reason.UNSUPPORTED_TYPE, refused.reason());
        }
        SerdeException inside = assertThrows(
                SerdeException.class,
                () -> Clients.chain(Interop.pylibmc()).encode("k", List.of(new Point(1)), ValueType.of(List.class)));
        assertEquals(Reason.UNSUPPORTED_TYPE, inside.reason());
    }

    /** A serde of the user that writes one class as JSON. */
    private record Point(int x) {
        private static final Serde SERDE = new Serde() {
            @Override
            public boolean encodes(ValueType<?> type) {
                return type.rawClass() == Point.class;
            }

            @Override
            public EncodedValue encode(String key, Object value, ValueType<?> type) {
                return new EncodedValue(
                        Utf8.encode("{\"x\":" + ((Point) value).x() + "}"), FlagScheme.DEFAULT.flags(Format.JSON));
            }

            @Override
            public boolean decodes(int flags) {
                return flags == FlagScheme.DEFAULT.flags(Format.JSON);
            }

            @Override
            public <T> T decode(String key, EncodedValue stored, ValueType<T> type) {
                String text = Utf8.decode(stored.data());
                @SuppressWarnings("unchecked") // the chain checks the class
                T point = (T) new Point(Integer.parseInt(text.replaceAll("\\D", "")));
                return point;
            }
        };
    }

    @Test
    void aSerdeOfTheUserTakesTheClientsFlags() {
        Map<InteropPreset, Integer> flags = Map.of(
                Interop.phpMemcached().json(Point.SERDE), 6,
                Interop.dalli().json(Point.SERDE), 1,
                Interop.nodeMemcached().json(Point.SERDE), 2,
                Interop.pymemcache().json(Point.SERDE), 2);
        flags.forEach((preset, expected) -> {
            SerdeChain chain = Clients.chain(preset);
            EncodedValue stored = chain.encode("k", new Point(5), ValueType.of(Point.class));
            assertEquals(expected, stored.flags());
            assertEquals(new Point(5), chain.decode("k", stored, ValueType.of(Point.class)));
            assertEquals(Map.of("x", 5L), chain.decode("k", stored, ValueType.of(Object.class)));
        });
    }

    @Test
    void decompressionIsBounded() {
        for (InteropPreset preset : List.of(
                Interop.phpMemcached(),
                Interop.phpMemcached().zlib(),
                Interop.dalli(),
                Interop.spymemcached().compressing(10),
                Interop.pylibmc().compressing(10))) {
            EncodedValue stored = Clients.chain(preset).encode("k", "x".repeat(100_000), ValueType.of(String.class));
            SerdeChain small = new SerdeChain(
                    List.of(preset.serde()),
                    FlagScheme.builder().build(),
                    io.cachewire.serde.Compression.none(),
                    99_999);
            SerdeException refused =
                    assertThrows(SerdeException.class, () -> small.decode("k", stored, ValueType.of(String.class)));
            assertEquals(Reason.LIMIT, refused.reason());
        }
    }

    @Test
    void setsGoToPythonAsSets() {
        SerdeChain chain = Clients.chain(Interop.pylibmc());
        EncodedValue stored = chain.encode("k", Set.of("a", 1), ValueType.of(Set.class));
        assertEquals(Set.of("a", 1L), chain.decode("k", stored, ValueType.of(Object.class)));
    }

    @Test
    void optionsThatAClientDoesNotHaveAreRefused() {
        assertThrows(IllegalStateException.class, () -> Interop.cacheMemcached().ketamaPoints(150));
        assertThrows(IllegalArgumentException.class, () -> Interop.pylibmc().compressing(-1));
        LocatorFactory mine = RoutingPreset.FOLSOM;
        assertSame(mine, Interop.spymemcached().placing(mine).locator());
    }
}
