package io.cachewire.embedded;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Keys in base64 (meta flag {@code b}), decoded as leniently as memcached does: characters outside the alphabet are
 * skipped and what follows the first padded group is ignored.
 */
final class Base64Key {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private Base64Key() {}

    /** The key, or an empty string when it cannot be decoded. */
    static String decode(String text) {
        StringBuilder sextets = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '=' || ALPHABET.indexOf(c) >= 0) {
                sextets.append(c);
            }
        }
        if (sextets.length() == 0 || sextets.length() % 4 != 0) {
            return "";
        }
        StringBuilder key = new StringBuilder();
        for (int group = 0; group < sextets.length(); group += 4) {
            int bits = 0;
            int padding = 0;
            for (int i = group; i < group + 4; i++) {
                char c = sextets.charAt(i);
                padding += c == '=' ? 1 : 0;
                bits = bits << 6 | (c == '=' ? 0 : ALPHABET.indexOf(c));
            }
            if (padding > 2) {
                return "";
            }
            key.append((char) (bits >> 16 & 0xff));
            if (padding < 2) {
                key.append((char) (bits >> 8 & 0xff));
            }
            if (padding == 0) {
                key.append((char) (bits & 0xff));
            } else {
                break;
            }
        }
        return key.toString();
    }

    static String encode(String key) {
        return Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.ISO_8859_1));
    }
}
