package io.cachewire.serde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** A serde that claims flags with compression in them and decompresses by itself, as those for other clients do. */
class SelfReliantSerdeTest {
    private static final ValueType<String> STRING = ValueType.of(String.class);
    private static final FlagScheme NO_FLAGS = FlagScheme.builder().build();

    /** Text, compressed with gzip or not. */
    private record Gzipped(int maxBytes) implements Serde {
        @Override
        public boolean encodes(ValueType<?> type) {
            return type.rawClass() == String.class;
        }

        @Override
        public EncodedValue encode(String key, Object value, ValueType<?> type) {
            return new EncodedValue(Utf8.encode((String) value), 0x10);
        }

        @Override
        public boolean isPlain(ValueType<?> type) {
            return true;
        }

        @Override
        public boolean decodes(int flags) {
            return flags == 0x10 || flags == 0x12;
        }

        @Override
        public <T> T decode(String key, EncodedValue stored, ValueType<T> type) {
            DataBlock data = stored.flags() == 0x12 ? Inflation.gzip(stored.data(), maxBytes) : stored.data();
            @SuppressWarnings("unchecked") // the chain checks the class
            T text = (T) Utf8.decode(data);
            return text;
        }

        @Override
        public Serde boundedBy(int maxValueBytes) {
            return new Gzipped(maxValueBytes);
        }
    }

    private static SerdeChain chain(int maxBytes) {
        return new SerdeChain(List.of(new Gzipped(0)), NO_FLAGS, Compression.none(), maxBytes);
    }

    private static EncodedValue gzipped(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream stream = new GZIPOutputStream(out)) {
            stream.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return new EncodedValue(DataBlock.wrap(out.toByteArray()), 0x12);
    }

    @Test
    void theChainHandsItItsBound() throws IOException {
        assertEquals("abcd", chain(4).decode("k", gzipped("abcd"), STRING));
        SerdeException tooLong =
                assertThrows(SerdeException.class, () -> chain(4).decode("k", gzipped("abcde"), STRING));
        assertEquals(Reason.LIMIT, tooLong.reason());
    }

    @Test
    void whatItStoresPlainlyCanBeAppended() {
        assertEquals(DataBlock.ofUtf8("x"), chain(4).encodeForAppend("k", "x", STRING));
    }
}
