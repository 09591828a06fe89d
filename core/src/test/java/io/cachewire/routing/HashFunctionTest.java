package io.cachewire.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class HashFunctionTest {
    private static final Map<String, HashFunction> OTHERS = Map.of(
            "python_memcached_server_hash", CommonHash.PYTHON_MEMCACHED,
            "python_memcached_old_crc32", CommonHash.CRC32,
            "adler32", CommonHash.ADLER32);

    @TestFactory
    Stream<DynamicTest> recordedHashesOfLibhashkit() {
        return columns("hashes-libhashkit.csv", name -> LibmemcachedHash.valueOf(name), "HSIEH(absent)");
    }

    @TestFactory
    Stream<DynamicTest> recordedHashesOfOthers() {
        return columns(
                "hashes-others.csv",
                name -> name.equals("pymemcache_murmur3_of_str")
                        ? key -> CommonHash.MURMUR3.hash(latin1Ends(key))
                        : java.util.Objects.requireNonNull(OTHERS.get(name)),
                "");
    }

    private static DataBlock latin1Ends(DataBlock key) {
        int[] codePoints = key.toUtf8().codePoints().toArray();
        byte[] bytes = new byte[codePoints.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) codePoints[i];
        }
        return DataBlock.wrap(bytes);
    }

    private static Stream<DynamicTest> columns(
            String file, java.util.function.Function<String, HashFunction> byName, String absent) {
        List<String[]> table = InteropVectors.table(file);
        assertEquals(501, table.size());
        List<DynamicTest> tests = new ArrayList<>();
        String[] names = table.get(0);
        for (int c = 1; c < names.length; c++) {
            if (names[c].equals(absent)) {
                continue;
            }
            HashFunction hash = byName.apply(names[c]);
            int column = c;
            tests.add(DynamicTest.dynamicTest(names[c], () -> {
                for (String[] line : table.subList(1, table.size())) {
                    long expected = Long.parseLong(line[column]);
                    assertEquals(expected, hash.hash(InteropVectors.hex(line[0])), "key " + line[0]);
                }
            }));
        }
        return tests.stream();
    }

    @Test
    void charsAreSignedUnlessAskedOtherwise() {
        DataBlock key = DataBlock.ofUtf8("grüße");
        for (LibmemcachedHash hash : LibmemcachedHash.values()) {
            long unsigned = hash.unsignedChars().hash(key);
            assertTrue(unsigned >= 0 && unsigned <= 0xffffffffL);
            assertEquals(
                    hash.hash(DataBlock.ofUtf8("gruss")), hash.unsignedChars().hash(DataBlock.ofUtf8("gruss")));
        }
        assertNotEquals(
                LibmemcachedHash.DEFAULT.hash(key),
                LibmemcachedHash.DEFAULT.unsignedChars().hash(key));
        assertEquals(0x4f9f2cabL, LibmemcachedHash.FNV1A_32.unsignedChars().hash(DataBlock.ofUtf8("hello")));
    }

    @Test
    void stringHashIsThatOfTheText() {
        for (String text : List.of("", "abc", "grüße", "漢字", "😀 x", "zzzzzzzzzzzzzz")) {
            DataBlock key = DataBlock.ofUtf8(text);
            assertEquals(Integer.toUnsignedLong(text.hashCode()), JvmHash.NATIVE.hash(key));
            assertEquals(Math.abs((long) text.hashCode()), JvmHash.NATIVE_ABSOLUTE.hash(key));
        }
    }
}
