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
    private final @Nullable Batch[] batches;

    /** Items of one value size, also for calls with many keys; a power of two of them, fewer when they are large. */
    public Items(int valueBytes, long seed) {
        // keys as long as those of limit.c, and not the same
        this("itm:", valueBytes, Math.max(LEAST, Integer.highestOneBit(Math.min(MOST, MOST_BYTES / valueBytes))), seed);
        // before anything is measured
        for (int i = 0; i < batches.length; i++) {
            batches[i] = makeBatch(i);
        }
    }

    private Items(String prefix, int valueBytes, int count, long seed) {
        items = new Item[count];
        for (int i = 0; i < count; i++) {
            items[i] = new Item(prefix + i, value(i, valueBytes, seed));
        }
        batches = new @Nullable Batch[count];
    }

    /**
     * As many items as are wanted, for calls with one key.
     *
     * @param prefix in front of the number in each key
     * @param count a power of two
     */
    public static Items single(String prefix, int valueBytes, int count, long seed) {
        if (Integer.bitCount(count) != 1) {
            throw new IllegalArgumentException(count + " is no power of two");
        }
        return new Items(prefix, valueBytes, count, seed);
    }

    private Batch makeBatch(int first) {
        return Batch.of(IntStream.range(first, first + Math.min(Workload.BATCH, items.length))
                .mapToObj(i -> items[i & (items.length - 1)])
                .toList());
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
        return batch(index).keys();
    }

    /** The items of a multi-key call, from one on. */
    public Batch batch(int index) {
        Batch made = batches[index];
        return made != null ? made : makeBatch(index);
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
