package io.cachewire.internal.protocol.auth;

import java.security.GeneralSecurityException;
import java.text.Normalizer;

/**
 * SASLprep (RFC 4013), which brings users and passwords into one form before SCRAM hashes them. Unassigned code points are let through, as
 * in a query; what the JDK's version of Unicode assigns is normalized by it.
 */
final class SaslPrep {
    private SaslPrep() {}

    /**
     * The prepared text; printable ASCII is returned as it is, without a copy.
     *
     * @throws GeneralSecurityException when the text has a prohibited character, mixes directions, or nothing is left of it
     */
    static char[] prepared(char[] text) throws GeneralSecurityException {
        boolean ascii = true;
        for (char c : text) {
            ascii &= c >= ' ' && c < 0x7f;
        }
        if (ascii) {
            return text;
        }
        StringBuilder mapped = new StringBuilder(text.length);
        new String(text).codePoints().forEach(c -> {
            if (Character.getType(c) == Character.SPACE_SEPARATOR || c == 0x200b) {
                mapped.append(' ');
            } else if (!isMappedToNothing(c)) {
                mapped.appendCodePoint(c);
            }
        });
        String normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        if (normal.isEmpty() || normal.codePoints().anyMatch(SaslPrep::isProhibited) || mixesDirections(normal)) {
            throw new GeneralSecurityException("SASLprep refuses the user or the password");
        }
        return normal.toCharArray();
    }

    /** Table B.1 of RFC 3454. */
    private static boolean isMappedToNothing(int c) {
        return c == 0xad
                || c == 0x34f
                || c == 0x1806
                || (c >= 0x180b && c <= 0x180d)
                || c == 0x200c
                || c == 0x200d
                || c == 0x2060
                || (c >= 0xfe00 && c <= 0xfe0f)
                || c == 0xfeff;
    }

    /** Tables C.2 to C.9 of RFC 3454. */
    private static boolean isProhibited(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default ->
                (c & 0xfffe) == 0xfffe
                        || (c >= 0xfdd0 && c <= 0xfdef)
                        || (c >= 0xfff9 && c <= 0xfffd)
                        || (c >= 0x2ff0 && c <= 0x2ffb)
                        || c == 0x6dd
                        || c == 0x70f
                        || c == 0x180e
                        || c == 0x340
                        || c == 0x341
                        || c == 0x200e
                        || c == 0x200f
                        || (c >= 0x202a && c <= 0x202e)
                        || (c >= 0x2061 && c <= 0x2063)
                        || (c >= 0x206a && c <= 0x206f)
                        || (c >= 0x1d173 && c <= 0x1d17a)
                        || (c >= 0xe0001 && c <= 0xe007f);
        };
    }

    /** RFC 3454, section 6: with right-to-left text there is no other, and both ends are such. */
    private static boolean mixesDirections(String text) {
        boolean rightToLeft = text.codePoints().anyMatch(SaslPrep::isRightToLeft);
        boolean leftToRight = text.codePoints()
                .anyMatch(c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT);
        return rightToLeft
                && (leftToRight
                        || !isRightToLeft(text.codePointAt(0))
                        || !isRightToLeft(text.codePointBefore(text.length())));
    }

    private static boolean isRightToLeft(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }
}
