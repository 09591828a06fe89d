package io.cachewire.serialization.jackson3;

import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Whether bytes are UTF-8 and nothing else, before Jackson gets them: it takes overlong forms and halves of surrogate pairs, skips a byte order
 * mark, and guesses UTF-16 and UTF-32 from zeros at the beginning.
 */
final class Utf8Text {
    private static final int CHUNK = 1024;

    /** Jackson looks at so many bytes for the encoding. */
    private static final int PROBED = 4;

    private static final byte FIRST_OF_MARK = (byte) 0xEF;
    private static final byte SECOND_OF_MARK = (byte) 0xBB;

    private Utf8Text() {}

    static void require(byte[] bytes) {
        for (int i = 0; i < Math.min(PROBED, bytes.length); i++) {
            if (bytes[i] == 0) {
                throw new SerdeException(Reason.DECODE, "no JSON at byte " + i, null);
            }
        }
        if (bytes.length > 2 && bytes[0] == FIRST_OF_MARK && bytes[1] == SECOND_OF_MARK) {
            throw new SerdeException(Reason.DECODE, "no JSON at byte 0", null);
        }
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] < 0) {
                requireFrom(i, bytes);
                return;
            }
        }
    }

    private static void requireFrom(int start, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer rest = ByteBuffer.wrap(bytes, start, bytes.length - start);
        CharBuffer chars = CharBuffer.allocate(Math.min(CHUNK, rest.remaining()) + 1);
        CoderResult result;
        do {
            chars.clear();
            result = decoder.decode(rest, chars, true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw new SerdeException(Reason.DECODE, "the JSON is not UTF-8: wrong at byte " + rest.position(), null);
        }
    }
}
