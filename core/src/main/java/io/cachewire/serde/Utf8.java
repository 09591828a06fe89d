package io.cachewire.serde;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.nio.charset.StandardCharsets;

/** UTF-8 that refuses what it cannot represent, where {@link String} puts a replacement character. */
public final class Utf8 {
    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /**
     * The bytes of a text.
     *
     * @throws SerdeException ENCODE when it has half a surrogate pair
     */
    public static DataBlock encode(CharSequence text) {
        String string = text.toString();
        for (int i = 0; i < string.length(); i++) {
            if (Character.isSurrogate(string.charAt(i))) {
                if (Character.isLowSurrogate(string.charAt(i))
                        || i + 1 == string.length()
                        || !Character.isLowSurrogate(string.charAt(i + 1))) {
                    throw new SerdeException(Reason.ENCODE, "the text has half a surrogate pair at index " + i, null);
                }
                i++;
            }
        }
        return DataBlock.wrap(string.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The text of the bytes.
     *
     * @throws SerdeException DECODE when they are not UTF-8
     */
    public static String decode(DataBlock data) {
        String text = data.toUtf8();
        // A replacement character is either stored as such, and then encodes to the same bytes, or it hides malformed
        // bytes.
        if (text.indexOf(REPLACEMENT) >= 0 && !DataBlock.ofUtf8(text).equals(data)) {
            throw new SerdeException(Reason.DECODE, "the bytes are not UTF-8", null);
        }
        return text;
    }
}
