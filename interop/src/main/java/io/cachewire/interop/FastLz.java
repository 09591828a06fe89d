package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * The fastlz block format, both levels read, level 1 written.
 *
 * <p>The three highest bits of the first byte are the level less one; that byte is otherwise an instruction like the
 * others. An instruction below 32 is a run of that many literals and one more. Any other copies from what is there already:
 * its three highest bits are the length less two, 7 going on in the next bytes, the rest and one more byte the distance
 * less one.
 */
final class FastLz {
    private static final int MAX_LITERALS = 32;
    private static final int NEAR = 8191;
    private static final int FAR_MARK = 31 << 8 | 255;
    private static final int MIN_MATCH = 3;
    private static final int MAX_MATCH = 264;
    private static final int MAX_DISTANCE = 8192;
    /** No stored byte stands for more than a length byte of 255 does, give or take the instruction around it. */
    private static final int MAX_RATIO = 256;
    /** The last bytes are literals, as decompressors that read ahead expect. */
    private static final int TAIL = 12;

    private static final int HASH_BITS = 13;

    private final byte[] in;
    private final byte[] out;
    private int at;
    private int length;

    private FastLz(byte[] in, byte[] out) {
        this.in = in;
        this.out = out;
    }

    /**
     * The bytes that a block stands for.
     *
     * @param length how many there must be; no more is allocated than the block could stand for
     * @throws SerdeException DECODE when the block is not that
     */
    static DataBlock decompress(byte[] block, int length) {
        if (block.length == 0 ? length > 0 : length > (long) block.length * MAX_RATIO) {
            throw corrupt();
        }
        FastLz lz = new FastLz(block, new byte[length]);
        if (block.length > 0) {
            lz.decompress();
        }
        if (lz.length != length) {
            throw corrupt();
        }
        return DataBlock.wrap(lz.out);
    }

    private void decompress() {
        int level = ((in[0] & 0xff) >> 5) + 1;
        if (level > 2) {
            throw corrupt();
        }
        int instruction = next() & 31;
        while (true) {
            if (instruction < MAX_LITERALS) {
                literals(instruction + 1);
            } else if (level == 1) {
                int matched = (instruction >> 5) + 2;
                matched += matched == 9 ? next() : 0;
                copy(matched, ((instruction & 31) << 8) + next() + 1);
            } else {
                farCopy(instruction);
            }
            if (at == in.length) {
                return;
            }
            instruction = next();
        }
    }

    private void farCopy(int instruction) {
        int matched = (instruction >> 5) + 2;
        if (matched == 9) {
            int more;
            do {
                more = next();
                matched += more;
            } while (more == 255 && matched <= out.length);
        }
        int distance = ((instruction & 31) << 8) + next();
        if (distance == FAR_MARK) {
            distance = (next() << 8) + next() + NEAR;
        }
        copy(matched, distance + 1);
    }

    private int next() {
        if (at == in.length) {
            throw corrupt();
        }
        return in[at++] & 0xff;
    }

    private void literals(int count) {
        if (count > in.length - at || count > out.length - length) {
            throw corrupt();
        }
        System.arraycopy(in, at, out, length, count);
        at += count;
        length += count;
    }

    /** Byte by byte: what is copied may be part of the copy. */
    private void copy(int count, int distance) {
        if (distance > length || count > out.length - length) {
            throw corrupt();
        }
        for (int end = length + count; length < end; length++) {
            out[length] = out[length - distance];
        }
    }

    private static SerdeException corrupt() {
        return new SerdeException(Reason.DECODE, "the bytes are not a fastlz block of the length that they name", null);
    }

    /** A block of level 1. */
    static byte[] compress(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2 + 16);
        int[] seen = new int[1 << HASH_BITS];
        Arrays.fill(seen, -1);
        int literals = 0;
        int i = 0;
        while (i < plain.length - TAIL) {
            int hash = hash(plain, i);
            int candidate = seen[hash];
            seen[hash] = i;
            int matched = candidate >= 0 && i - candidate <= MAX_DISTANCE ? match(plain, candidate, i) : 0;
            if (matched < MIN_MATCH) {
                i++;
                continue;
            }
            writeLiterals(out, plain, literals, i);
            writeMatch(out, matched - 2, i - candidate - 1);
            i += matched;
            literals = i;
        }
        writeLiterals(out, plain, literals, plain.length);
        return out.toByteArray();
    }

    private static int hash(byte[] plain, int i) {
        int three = (plain[i] & 0xff) << 16 | (plain[i + 1] & 0xff) << 8 | plain[i + 2] & 0xff;
        return (three * 0x9e3779b1) >>> (Integer.SIZE - HASH_BITS);
    }

    private static int match(byte[] plain, int earlier, int here) {
        int most = Math.min(MAX_MATCH, plain.length - TAIL / 2 - here);
        int matched = 0;
        while (matched < most && plain[earlier + matched] == plain[here + matched]) {
            matched++;
        }
        return matched;
    }

    private static void writeLiterals(ByteArrayOutputStream out, byte[] plain, int from, int to) {
        for (int i = from; i < to; i += MAX_LITERALS) {
            int count = Math.min(MAX_LITERALS, to - i);
            out.write(count - 1);
            out.write(plain, i, count);
        }
    }

    private static void writeMatch(ByteArrayOutputStream out, int length, int distance) {
        out.write(Math.min(length, 7) << 5 | distance >> 8);
        if (length >= 7) {
            out.write(length - 7);
        }
        out.write(distance & 0xff);
    }
}
