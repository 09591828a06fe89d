package io.cachewire.serde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link Serde} keeps. Extend it for your own and give it samples; it is in the test jar of {@code
 * cachewire-core}.
 *
 * <p>The serde is tried as a client uses it, in a {@link SerdeChain}, where exceptions of its own become {@link
 * SerdeException}s.
 */
@Timeout(60)
public abstract class SerdeContractTest {
    private static final String KEY = "contract";

    /** A value and the type that it is stored and read as. */
    public record Sample(Object value, ValueType<?> type) {}

    /** The serde under test. */
    protected abstract Serde serde();

    /** At least two values, at most some kilobytes each when encoded. */
    protected abstract List<Sample> samples();

    /** Flags that the serde does not recognise, and neither does the raw serde. */
    protected int unknownFlags() {
        return 0xfe0f;
    }

    /** The scheme of the serde's flags. */
    protected FlagScheme scheme() {
        return FlagScheme.DEFAULT;
    }

    /** How values that came back are compared; arrays by content. */
    protected boolean same(Object expected, Object actual) {
        return Objects.deepEquals(expected, actual);
    }

    private static final class Unrelated {}

    private SerdeChain chain() {
        return new SerdeChain(List.of(serde()), scheme(), Compression.none(), 1 << 20);
    }

    private void assertSame(Object expected, Object actual) {
        assertTrue(same(expected, actual), () -> "wrote " + expected + ", read " + actual);
    }

    @Test
    void samplesComeBack() {
        SerdeChain chain = chain();
        assertTrue(samples().size() >= 2);
        for (Sample sample : samples()) {
            EncodedValue stored = chain.encode(KEY, sample.value(), sample.type());
            assertSame(sample.value(), chain.decode(KEY, stored, sample.type()));
        }
    }

    @Test
    void samplesComeBackCompressed() {
        SerdeChain chain = new SerdeChain(List.of(serde()), scheme(), Compression.zlib(0, 9), 1 << 20);
        for (Sample sample : samples()) {
            EncodedValue stored = chain.encode(KEY, sample.value(), sample.type());
            assertSame(sample.value(), chain.decode(KEY, stored, sample.type()));
        }
    }

    @Test
    void recognisesItsOwnFlags() {
        for (Sample sample : samples()) {
            assertTrue(serde().encodes(sample.type()), () -> "does not take " + sample.type());
            int flags = serde().encode(KEY, sample.value(), sample.type()).flags();
            assertTrue(serde().decodes(flags));
            assertEquals(flags, scheme().withoutCompression(flags));
        }
    }

    @Test
    void sameValueSameBytes() {
        for (Sample sample : samples()) {
            assertEquals(
                    serde().encode(KEY, sample.value(), sample.type()),
                    serde().encode(KEY, sample.value(), sample.type()));
        }
    }

    @Test
    void unknownFlagsAreRefused() {
        assertFalse(serde().decodes(unknownFlags()));
        Sample sample = samples().get(0);
        DataBlock data = serde().encode(KEY, sample.value(), sample.type()).data();
        EncodedValue foreign = new EncodedValue(data, unknownFlags());
        if (sample.type().rawClass() != byte[].class && sample.type().rawClass() != DataBlock.class) {
            SerdeException refused =
                    assertThrows(SerdeException.class, () -> chain().decode(KEY, foreign, sample.type()));
            assertEquals(Reason.UNKNOWN_FLAGS, refused.reason());
        }
        assertEquals(data, chain().decode(KEY, foreign, ValueType.of(DataBlock.class)));
    }

    @Test
    void storedBytesStayReadable() {
        for (Sample sample : samples()) {
            EncodedValue stored = chain().encode(KEY, sample.value(), sample.type());
            if (!serde().encodes(ValueType.of(DataBlock.class))) {
                assertEquals(stored.data(), chain().decode(KEY, stored, ValueType.of(DataBlock.class)));
            }
        }
    }

    @Test
    void anotherTypeIsRefused() {
        for (Sample sample : samples()) {
            EncodedValue stored = chain().encode(KEY, sample.value(), sample.type());
            assertThrows(SerdeException.class, () -> chain().decode(KEY, stored, ValueType.of(Unrelated.class)));
        }
    }

    @Test
    void cutBytesGiveSerdeExceptions() {
        SerdeChain chain = chain();
        for (Sample sample : samples()) {
            EncodedValue whole = chain.encode(KEY, sample.value(), sample.type());
            byte[] bytes = whole.data().toByteArray();
            for (int end = 0; end < bytes.length; end++) {
                decodeOrRefuse(chain, DataBlock.wrap(bytes, 0, end), whole.flags(), sample);
                decodeOrRefuse(chain, DataBlock.wrap(bytes, bytes.length - end, end), whole.flags(), sample);
            }
        }
    }

    @Test
    void flippedBytesGiveSerdeExceptions() {
        SerdeChain chain = chain();
        for (Sample sample : samples()) {
            EncodedValue whole = chain.encode(KEY, sample.value(), sample.type());
            for (int at = 0; at < whole.data().length(); at++) {
                for (int mask : new int[] {0xff, 0x80, 0x01}) {
                    byte[] bytes = whole.data().toByteArray();
                    bytes[at] ^= (byte) mask;
                    decodeOrRefuse(chain, DataBlock.wrap(bytes), whole.flags(), sample);
                }
            }
        }
    }

    /** Some damage still makes a value (a cut text is a text), but it must be one of the type. */
    private static void decodeOrRefuse(SerdeChain chain, DataBlock damaged, int flags, Sample sample) {
        try {
            Object value = chain.decode(KEY, new EncodedValue(damaged, flags), sample.type());
            assertTrue(value == null || ValueClasses.boxed(sample.type()).isInstance(value));
        } catch (SerdeException refused) {
            assertTrue(
                    refused.reason() == Reason.DECODE
                            || refused.reason() == Reason.LIMIT
                            || refused.reason() == Reason.FORBIDDEN_CLASS,
                    () -> "reason " + refused.reason());
        }
    }

    @Test
    void serdeIsShared() throws Exception {
        SerdeChain chain = chain();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> rounds = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                rounds.add(threads.submit(() -> {
                    for (int round = 0; round < 200; round++) {
                        for (Sample sample : samples()) {
                            EncodedValue stored = chain.encode(KEY, sample.value(), sample.type());
                            assertSame(sample.value(), chain.decode(KEY, stored, sample.type()));
                        }
                    }
                }));
            }
            for (Future<?> round : rounds) {
                round.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
