package io.cachewire.benchmarks.load;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values of a run: the same for every contestant, made from the seed. Each value begins with its key's number, so that an
 * answer to another key is noticed by looking at a few bytes.
 */
public final class Items {
    private static final int MOST = 1024;
    private static final int MOST_BYTES = 32 << 20;
    private static final int LEAST = 64;

    private final Item[] items;
    private final Batch[] batches;

    /** Items of one value size; a power of two of them, fewer when they are large. */
    public Items(int valueBytes, long seed) {
        int count = Math.max(LEAST, Integer.highestOneBit(Math.min(MOST, MOST_BYTES / valueBytes)));
        items = new Item[count];
        for (int i = 0; i < count; i++) {
            // as long as the keys of limit.c, and not the same
            items[i] = new Item("itm:" + i, value(i, valueBytes, seed));
        }
        batches = new Batch[count];
        for (int i = 0; i < count; i++) {
            int first = i;
            batches[i] = Batch.of(IntStream.range(0, Math.min(Workload.BATCH, count))
                    .mapToObj(j -> items[(first + j) & (count - 1)])
                    .toList());
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
        return items.length;
    }

    /** What is stored. */
    public Item item(int index) {
        return items[index];
    }

    /** The key of an item. */
    public String key(int index) {
        return items[index].key();
    }

    /** The value of an item, not to be changed. */
    public byte[] value(int index) {
        return items[index].value();
    }

    /** The keys of a multi-key call, from an item on. */
    public List<String> keysFrom(int index) {
        return batches[index].keys();
    }

    /** The items of a multi-key call, from one on. */
    public Batch batch(int index) {
        return batches[index];
    }

    /** Fails unless this looks like the value of the item: length, first and last bytes. */
    public void check(int index, byte @Nullable [] answer) {
        byte[] value = value(index);
        boolean same = answer != null
                && answer.length == value.length
                && answer[value.length - 1] == value[value.length - 1]
                && Arrays.equals(answer, 0, 4, value, 0, 4);
        if (!same) {
            throw new WrongAnswerException("the answer to " + key(index) + " is "
                    + (answer == null ? "a miss" : "another value of " + answer.length + " bytes"));
        }
    }

    /** Fails unless this is the whole value of the item. */
    public void checkAll(int index, byte @Nullable [] answer) {
        if (!Arrays.equals(value(index), answer)) {
            throw new WrongAnswerException("the answer to " + key(index) + " is wrong");
        }
    }

    /** Fails unless these look like the values of a multi-key call. */
    public void checkFrom(int index, Map<String, byte[]> answer) {
        if (answer.size() != keysFrom(index).size()) {
            throw new WrongAnswerException(
                    answer.size() + " answers to " + keysFrom(index).size() + " keys");
        }
        check(index, answer.get(key(index)));
    }
}
