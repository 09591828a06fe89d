package io.cachewire.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import io.cachewire.interop.ValueExpression.Opaque;
import io.cachewire.serde.SerdeChain;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jspecify.annotations.Nullable;

/** Every value that was recorded from a real client is read as what it is, or refused with the name of its format. */
class RecordedValuesTest {
    private static final ValueType<Object> ANY = ValueType.of(Object.class);

    /** What became of a row. */
    private enum Outcome {
        /** Read without a hint as the value of the row. */
        EQUAL,
        /** The client stored text without a type: read as that text, and as the value when its type is asked for. */
        EQUAL_WHEN_ASKED,
        /** The client stored its language's text of a list or the like, which nobody can read back. */
        TEXT_ONLY,
        /** A typed error that names the format or the class. */
        REFUSED,
        /** The client itself refused the value. */
        NOT_STORED
    }

    @ParameterizedTest
    @CsvSource({
        "values-python, 134, 10, 4, 0, 4",
        "values-php-ruby, 120, 0, 0, 54, 2",
        "values-jvm, 39, 11, 1, 21, 0",
        "values-more, 1321, 46, 26, 197, 20",
        "values-pickle, 276, 0, 0, 96, 0"
    })
    void everyRowIsReadOrRefusedByName(String file, int equal, int asked, int text, int refused, int notStored) {
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome, 0);
        }
        List<String> failures = new ArrayList<>();
        for (RecordedRow row : RecordedRow.all(file)) {
            try {
                counts.merge(outcome(row), 1, Integer::sum);
            } catch (RuntimeException | AssertionError e) {
                failures.add(row + ": " + e.getMessage());
            }
        }
        assertEquals(List.of(), failures);
        assertEquals(
                List.of(equal, asked, text, refused, notStored), List.copyOf(counts.values()), counts::toString);
    }

    private static Outcome outcome(RecordedRow row) {
        if (!row.isStored()) {
            assertTrue(row.has("error") || row.has("stored"));
            return Outcome.NOT_STORED;
        }
        SerdeChain chain = Clients.chain(Clients.preset(row));
        Object expected = ExpectedValue.of(row);
        String format = unreadable(row);
        if (format != null) {
            SerdeException refused =
                    assertThrows(SerdeException.class, () -> chain.decode("k", row.stored(), ANY), row::toString);
            assertTrue(String.valueOf(refused.getMessage()).contains(format), () -> row + ": " + refused.getMessage());
            return Outcome.REFUSED;
        }
        if (row.value().startsWith("recursive")) {
            return recursive(row, assertInstanceOf(List.class, chain.decode("k", row.stored(), ANY)));
        }
        Object actual = chain.decode("k", row.stored(), ANY);
        return ExpectedValue.same(expected, actual) ? Outcome.EQUAL : untyped(row, chain, expected, actual);
    }

    /** The list of {@code a = [n, a]}, or the tuple of {@code a = [(a,)]}. */
    private static Outcome recursive(RecordedRow row, List<?> list) {
        Object inner = list.get(list.size() - 1);
        Object back = row.value().equals("recursive") ? inner : ((List<?>) inner).get(0);
        assertTrue(back == list, row::toString);
        return Outcome.EQUAL;
    }

    private static Outcome untyped(RecordedRow row, SerdeChain chain, @Nullable Object expected, @Nullable Object actual) {
        assertTrue(isUntyped(row), () -> row + ": expected " + expected + ", read " + actual);
        boolean scalar = expected instanceof String || expected instanceof Number || expected instanceof Boolean;
        if (scalar || (expected instanceof DataBlock && !row.value().equals("bytearray"))) {
            Object asked = chain.decode("k", row.stored(), ValueType.of(expected.getClass()));
            assertTrue(ExpectedValue.same(expected, asked), () -> row + ": expected " + expected + ", asked " + asked);
            return Outcome.EQUAL_WHEN_ASKED;
        }
        assertNotNull(chain.decode("k", row.stored(), ValueType.of(DataBlock.class)));
        assertThrows(SerdeException.class, () -> chain.decode("k", row.stored(), ValueType.of(List.class)));
        return Outcome.TEXT_ONLY;
    }

    private static boolean isUntyped(RecordedRow row) {
        boolean withoutTypes = Set.of("memjs", "Cache::Memcached", "Cache::Memcached::Fast").contains(row.client())
                || row.config().toString().contains("primitiveAsString")
                || (row.client().equals("pymemcache") && Clients.preset(row).format() instanceof PlainTextFormat)
                || row.client().equals("dalli");
        return withoutTypes && (row.stored().flags() & ~2) == 0;
    }

    /** What the error must name when the value cannot be read: told by the recordings, not by the code under test. */
    private static @Nullable String unreadable(RecordedRow row) {
        int flags = row.stored().flags();
        String config = row.config().toString();
        return switch (row.client()) {
            case "pylibmc", "python-memcached", "pymemcache", "moecache" -> {
                boolean pickled = (flags & ~8) == 1 || flags == 256;
                if (row.value().startsWith("refuse-")) {
                    yield refusedGlobal(row);
                }
                yield pickled && row.value().equals("datetime") ? "datetime datetime" : null;
            }
            case "EnyimMemcached" -> flags == 257 ? ".NET BinaryFormatter" : null;
            case "php-memcached" -> switch (flags & 15) {
                case 5 -> "igbinary";
                case 7 -> "msgpack";
                case 4 -> row.value().equals("object") ? "stdClass" : null;
                default -> null;
            };
            case "dalli" -> (flags & 1) == 1 && !config.contains("JSON") ? "Ruby Marshal" : null;
            case "Cache::Memcached", "Cache::Memcached::Fast" -> (flags & 1) == 1 ? "Perl Storable" : null;
            case "spymemcached", "xmemcached" -> {
                int serialized = config.contains("Whalin") ? 8 : 1;
                boolean typeBit = config.contains("WhalinTranscoder") ? (flags & ~2) == 8 : (flags & ~2) == serialized;
                yield typeBit ? "Java serialization" : null;
            }
            case "folsom" -> "Java serialization";
            default -> null;
        };
    }

    /** The first name that the pickle uses and that is not in the closed list. */
    private static String refusedGlobal(RecordedRow row) {
        SerdeChain chain = Clients.chain(Clients.preset(row));
        SerdeException refused = assertThrows(SerdeException.class, () -> chain.decode("k", row.stored(), ANY));
        assertEquals(Reason.FORBIDDEN_CLASS, refused.reason());
        for (var global : row.json().get("globals")) {
            if (String.valueOf(refused.getMessage()).contains(global.asText())) {
                return global.asText();
            }
        }
        return fail(row + ": " + refused.getMessage());
    }
}
