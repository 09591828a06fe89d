package io.cachewire.benchmarks.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values of a run: the same for every contestant, made from the seed. Each value begins with its key's number, so that an
 * answer to another key is noticed by looking at a few bytes.
 */
public final class Items {
    private static final int MOST = 1024;
    private static final int MOST_BYTES = 32 << 20;
    private static final int LEAST = 64;

    private final String[] keys;
    private final byte[][] values;
    private final List<List<String>> batches = new ArrayList<>();
    private final List<Map<String, byte[]>> entries = new ArrayList<>();

    /** Items of one value size; a power of two of them, fewer when they are large. */
    public Items(int valueBytes, long seed) {
        int count = Math.max(LEAST, Integer.highestOneBit(Math.min(MOST, MOST_BYTES / valueBytes)));
        keys = new String[count];
        values = new byte[count][];
        for (int i = 0; i < count; i++) {
            // as long as the keys of limit.c, and not the same
            keys[i] = "itm:" + i;
            values[i] = value(i, valueBytes, seed);
        }
        for (int i = 0; i < count; i++) {
            Map<String, byte[]> batch = new LinkedHashMap<>();
            for (int j = 0; j < Math.min(Workload.BATCH, count); j++) {
                int index = (i + j) & (count - 1);
                batch.put(keys[index], values[index]);
            }
            entries.add(batch);
            batches.add(List.copyOf(batch.keySet()));
        }
    }

    private static byte[] value(int index, int length, long seed) {
        byte[] value = new byte[length];
        long state = seed * 31 + index;
        for (int i = 0; i < length; i++) {
            // letters: neither clients nor anything between them can take them for line ends
            state = state * 6364136223846793005L + 1442695040888963407L;
            value[i] = (byte) ('a' + ((state >>> 59) & 15));
        }
        byte[] number = Integer.toString(index).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        System.arraycopy(number, 0, value, 0, Math.min(number.length, length));
        return value;
    }

    /** How many there are; a power of two. */
    public int count() {
        return keys.length;
    }

    /** The key of an item. */
    public String key(int index) {
        return keys[index];
    }

    /** The value of an item, not to be changed. */
    public byte[] value(int index) {
        return values[index];
    }

    /** The keys of a multi-key call, from an item on. */
    public List<String> keysFrom(int index) {
        return batches.get(index);
    }

    /** The keys and values of a multi-key call, from an item on. */
    public Map<String, byte[]> entriesFrom(int index) {
        return entries.get(index);
    }

    /** Fails unless this looks like the value of the item: length, first and last bytes. */
    public void check(int index, byte @Nullable [] answer) {
        byte[] value = values[index];
        boolean same = answer != null
                && answer.length == value.length
                && answer[value.length - 1] == value[value.length - 1]
                && Arrays.equals(answer, 0, 4, value, 0, 4);
        if (!same) {
            throw new WrongAnswerException("the answer to " + keys[index] + " is "
                    + (answer == null ? "a miss" : "another value of " + answer.length + " bytes"));
        }
    }

    /** Fails unless this is the whole value of the item. */
    public void checkAll(int index, byte @Nullable [] answer) {
        if (!Arrays.equals(values[index], answer)) {
            throw new WrongAnswerException("the answer to " + keys[index] + " is wrong");
        }
    }

    /** Fails unless these look like the values of a multi-key call. */
    public void checkFrom(int index, Map<String, byte[]> answer) {
        if (answer.size() != batches.get(index).size()) {
            throw new WrongAnswerException(
                    answer.size() + " answers to " + batches.get(index).size() + " keys");
        }
        check(index, answer.get(keys[index]));
    }
}
