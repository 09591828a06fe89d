package io.cachewire.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes from outside give a value or a {@link SerdeException}, soon, and no more memory than they could stand for. */
@Timeout(120)
class ReaderFuzzTest {
    private static final int ROUNDS = 20_000;

    /** A reader, with the recorded values that it is for. */
    private enum Reader {
        PICKLE(Encoding.PICKLE),
        PHP(Encoding.PHP),
        JSON(Encoding.JSON),
        FASTLZ(data -> FastLz.decompress(data.toByteArray(), 5000));

        private final Encoding encoding;

        Reader(Encoding encoding) {
            this.encoding = encoding;
        }

        void read(byte[] bytes) {
            try {
                encoding.read(DataBlock.wrap(bytes));
            } catch (SerdeException refused) {
                assertTrue(refused.reason() != Reason.ENCODE);
            }
        }

        List<byte[]> samples() {
            List<byte[]> samples = new ArrayList<>();
            for (String file : List.of("values-pickle", "values-php-ruby", "values-more")) {
                for (RecordedRow row : RecordedRow.all(file)) {
                    if (row.isStored() && samples.size() < 600 && isFor(row)) {
                        byte[] data = row.stored().data().toByteArray();
                        if (data.length < 4000) {
                            samples.add(this == FASTLZ ? java.util.Arrays.copyOfRange(data, 4, data.length) : data);
                        }
                    }
                }
            }
            return samples;
        }

        private boolean isFor(RecordedRow row) {
            int flags = row.stored().flags();
            boolean php = row.client().equals("php-memcached");
            return switch (this) {
                case PICKLE -> flags == 1 && row.client().contains("py");
                case PHP -> php && flags == 4;
                case JSON -> php && flags == 6;
                case FASTLZ -> php && (flags & 64) != 0;
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void mutatedRecordings(Reader reader) {
        List<byte[]> samples = reader.samples();
        assertTrue(samples.size() > 5, () -> "samples: " + samples.size());
        Random random = new Random(20_261_125);
        for (int round = 0; round < ROUNDS; round++) {
            reader.read(mutated(samples.get(random.nextInt(samples.size())), random));
        }
    }

    private static byte[] mutated(byte[] sample, Random random) {
        byte[] bytes = sample.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = java.util.Arrays.copyOf(bytes, at);
                default -> {
                    int from = random.nextInt(bytes.length);
                    int count = Math.min(random.nextInt(16), bytes.length - Math.max(from, at));
                    System.arraycopy(bytes, from, bytes, at, count);
                }
            }
        }
        return bytes;
    }

    @ParameterizedTest
    @EnumSource
    void randomBytes(Reader reader) {
        Random random = new Random(11);
        String opcodes = "(.0123NIJKLMFGVXSTUBC]l}d)taesupqrghjcRiobPQ\u0080\u0085\u0086\u0087\u0088\u0089\u008a\u008b"
                + "\u008c\u008d\u008e\u008f\u0090\u0091\u0093\u0094\u0095\u0096{:;\"[,";
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : opcodes.charAt(random.nextInt(opcodes.length())));
            }
            reader.read(bytes);
        }
    }

    private static Reason refused(Encoding encoding, byte[] bytes) {
        return assertThrows(SerdeException.class, () -> encoding.read(DataBlock.wrap(bytes)))
                .reason();
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void lengthsThatLieAreNotAllocated() {
        assertEquals(Reason.DECODE, refused(Encoding.PICKLE, latin1("B\u00ff\u00ff\u00ff\u007fabc")));
        assertEquals(Reason.DECODE, refused(Encoding.PICKLE, latin1("\u008b\u00ff\u00ff\u00ff\u007fabc")));
        assertEquals(
                Reason.DECODE, refused(Encoding.PICKLE, latin1("\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffab")));
        assertEquals(Reason.DECODE, refused(Encoding.PHP, latin1("s:2147483647:\"abc\";")));
        assertEquals(Reason.DECODE, refused(Encoding.PHP, latin1("a:9999999999:{i:0;N;}")));
        assertEquals(Reason.DECODE, assertThrows(SerdeException.class, () -> FastLz.decompress(new byte[9], 1 << 30))
                .reason());
    }

    @Test
    void depthIsBounded() {
        int depth = 100_000;
        assertEquals(Reason.LIMIT, refused(Encoding.PICKLE, latin1("]".repeat(depth) + "a".repeat(depth - 1) + ".")));
        assertEquals(Reason.LIMIT, refused(Encoding.PHP, latin1("a:1:{i:0;".repeat(depth))));
        assertEquals(Reason.LIMIT, refused(Encoding.JSON, latin1("[".repeat(depth))));
    }

    /** Tuples of twice the tuple before: little to store, too much to hash. */
    @Test
    void sharedTuplesAreNoKeys() {
        StringBuilder bomb = new StringBuilder("}N");
        for (int i = 0; i < 40; i++) {
            bomb.append("2\u0086");
        }
        assertEquals(Reason.LIMIT, refused(Encoding.PICKLE, latin1(bomb + "Ns.")));
    }

    @Test
    void copiesOfOneListAreBounded() {
        StringBuilder pickle = new StringBuilder("](" + "N".repeat(20_000) + "eq\u0000c__builtin__\nset\nq\u0001(");
        for (int i = 0; i < 5_000; i++) {
            pickle.append("h\u0001h\u0000\u0085R");
        }
        assertEquals(Reason.LIMIT, refused(Encoding.PICKLE, latin1(pickle + "t.")));
    }

    /** Byte strings with one hash: each is compared with all before. */
    @Test
    void keysOfOneHashAreBounded() throws Exception {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(latin1("}("));
        for (int i = 0; i < 1 << 13; i++) {
            pickle.writeBytes(latin1("C\u001a"));
            for (int bit = 0; bit < 13; bit++) {
                // 31·c + d is the same for both.
                pickle.writeBytes(latin1((i >> bit & 1) == 0 ? "Aa" : "BB"));
            }
            pickle.write('N');
        }
        pickle.writeBytes(latin1("u."));
        assertEquals(Reason.LIMIT, refused(Encoding.PICKLE, pickle.toByteArray()));
    }

    @Test
    void longNumbersAreBounded() {
        String digits = "9".repeat(1_000_000);
        assertEquals(Reason.LIMIT, refused(Encoding.PICKLE, latin1("L" + digits + "L\n.")));
        assertEquals(Reason.LIMIT, refused(Encoding.JSON, latin1(digits)));
        assertEquals(Reason.LIMIT, refused(Encoding.INTEGER, latin1(digits)));
    }

    @Test
    void fastLzComesBack() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            byte[] plain = new byte[random.nextInt(20_000)];
            int alphabet = 1 + random.nextInt(256);
            for (int i = 0; i < plain.length; i++) {
                plain[i] = (byte) random.nextInt(alphabet);
            }
            byte[] block = FastLz.compress(plain);
            assertEquals(DataBlock.wrap(plain), FastLz.decompress(block, plain.length));
        }
    }
}
