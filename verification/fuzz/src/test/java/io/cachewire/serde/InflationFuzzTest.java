package io.cachewire.serde;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.fuzz.Bounded;
import io.cachewire.serde.Compression.Wrapping;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.DisplayName;

class InflationFuzzTest {
    private static final int MAX_VALUE = 64 * 1024;

    @FuzzTest(maxDuration = "1m")
    @DisplayName("S22 any bytes inflate to what the JDK makes of them, within the limit, or are a serde exception")
    void inflate(byte[] input) {
        DataBlock stored = DataBlock.wrap(input);
        for (Wrapping wrapping : Wrapping.values()) {
            Bounded.run(input.length, MAX_VALUE * 4L, () -> inflate(stored, wrapping));
        }
    }

    private static long inflate(DataBlock stored, Wrapping wrapping) {
        DataBlock plain;
        try {
            plain = Compression.none().decompress(stored, wrapping, MAX_VALUE);
        } catch (SerdeException expected) {
            return 0;
        }
        if (plain.length() > MAX_VALUE || !plain.equals(byTheJdk(stored, wrapping))) {
            throw new AssertionError(plain.length() + " bytes that are not those of the JDK");
        }
        return plain.length() * 8L;
    }

    private static DataBlock byTheJdk(DataBlock stored, Wrapping wrapping) {
        InputStream source = new ByteArrayInputStream(stored.toByteArray());
        try (InputStream plain =
                wrapping == Wrapping.GZIP ? new GZIPInputStream(source) : new InflaterInputStream(source)) {
            return DataBlock.wrap(plain.readAllBytes());
        } catch (IOException e) {
            throw new AssertionError("the JDK refuses what was inflated", e);
        }
    }
}
