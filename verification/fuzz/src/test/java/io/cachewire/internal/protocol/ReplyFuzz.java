package io.cachewire.internal.protocol;

import io.cachewire.fuzz.Bounded;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What any reply parser promises, checked on one input: nothing but {@link MalformedReply} is thrown, memory is bounded
 * by what arrived, every cut of the bytes gives the same replies, whether data blocks are taken or fed, and after an error nothing more is given.
 */
final class ReplyFuzz {
    private static final Limits LIMITS = new Limits(4096, 512, 50);

    /** What a reply weighs that was read from a few bytes: the objects of an item with all its meta flags. */
    private static final int REPLY_BYTES = 512;

    private ReplyFuzz() {}

    static void check(Dialect dialect, byte[] input) {
        Bounded.run(input.length, () -> (long) REPLY_BYTES * count(dialect.newParser(LIMITS), input));
        Outcome whole = outcome(dialect, input, input.length, false);
        for (int piece : new int[] {1, 3, 64}) {
            for (boolean taken : new boolean[] {false, true}) {
                Outcome cut = outcome(dialect, input, piece, taken);
                if (!cut.equals(whole)) {
                    String how = taken ? ", taken: " : ": ";
                    throw new AssertionError("in pieces of " + piece + how + cut + ", whole: " + whole);
                }
            }
        }
    }

    private static int count(ReplyParser parser, byte[] input) {
        int replies = 0;
        try {
            parser.feed(input, 0, input.length);
            while (parser.next() != null) {
                replies++;
            }
        } catch (MalformedReply expected) {
            requireSilence(parser);
        }
        return replies;
    }

    private record Outcome(List<Reply> replies, boolean malformed) {}

    private static Outcome outcome(Dialect dialect, byte[] input, int piece, boolean taken) {
        ReplyParser parser = dialect.newParser(LIMITS);
        List<Reply> replies = new ArrayList<>();
        try {
            for (int from = 0; from < input.length; from += piece) {
                int length = Math.min(piece, input.length - from);
                byte[] fed = Arrays.copyOfRange(input, from, from + length);
                ByteBuffer left = ByteBuffer.wrap(fed);
                if (taken) {
                    parser.takeBlock(left);
                }
                parser.feed(fed, left.position(), left.remaining());
                for (Reply reply = parser.next(); reply != null; reply = parser.next()) {
                    replies.add(reply);
                }
                Arrays.fill(fed, (byte) '!');
            }
            return new Outcome(replies, false);
        } catch (MalformedReply expected) {
            requireSilence(parser);
            return new Outcome(replies, true);
        }
    }

    private static void requireSilence(ReplyParser parser) {
        try {
            parser.next();
        } catch (MalformedReply expected) {
            return;
        }
        throw new AssertionError("the parser goes on after an error");
    }
}
