package io.cachewire.interop;

import io.cachewire.IllegalKeyException;
import io.cachewire.IllegalKeyException.Reason;
import io.cachewire.Key;
import io.cachewire.KeyRewriting;
import io.cachewire.SerdeException;
import io.cachewire.serde.Utf8;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The keys that clients of other languages send in place of those they are given. Keys of bytes, which they do not know, stay as they are. */
enum ForeignKeys implements KeyRewriting {
    /**
     * dalli's {@code KeyManager}: above 250 code points the begin and the MD5 of the whole. The length differs with a namespace, "for
     * historical reasons". The key that is sent is the one that is hashed.
     */
    DALLI {
        @Override
        Key rewritten(Key key, String namespace) {
            String name = key.name();
            if (name.codePointCount(0, name.length()) <= MAX_LENGTH) {
                return key;
            }
            String end = ":md5:" + md5(key);
            int kept = (namespace.isEmpty() ? MAX_LENGTH - 1 : MAX_LENGTH) - end.length();
            String sent = name.substring(0, name.offsetByCodePoints(0, kept)) + end;
            boolean placedByName = key.routing() == null && key.hash() == null;
            return placedByName ? Key.of(sent) : key.renamed(sent);
        }
    },

    /**
     * npm's memcached: above 250 UTF-16 units the MD5 of the whole. A shorter one is put into the command as a replacement pattern of
     * JavaScript, so {@code $$} is sent as {@code $} and {@code $&} as the whole key. It lives where the key as it was given belongs.
     */
    NODE_MEMCACHED {
        @Override
        Key rewritten(Key key, String namespace) {
            String name = key.name();
            if (name.length() > MAX_LENGTH) {
                return key.renamed(md5(key));
            }
            for (int i = 0; i < name.length(); i++) {
                if (isWhiteSpace(name.charAt(i))) {
                    throw illegal(i, key, "is white space in JavaScript");
                }
            }
            return name.indexOf('$') < 0 ? key : key.renamed(expanded(key));
        }
    };

    private static final int MAX_LENGTH = 250;
    private static final String MORE_WHITE_SPACE = "\u1680\u2028\u2029\u202f\u205f\u3000\ufeff";

    abstract Key rewritten(Key key, String namespace);

    @Override
    public Key apply(Key key, String namespace) {
        return key.isBinary() ? key : rewritten(key, namespace);
    }

    private static String expanded(Key key) {
        String name = key.name();
        StringBuilder sent = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char next = name.charAt(i) == '$' && i + 1 < name.length() ? name.charAt(i + 1) : 0;
            switch (next) {
                case '$' -> sent.append('$');
                case '&' -> sent.append(name);
                // what stands around the key in the command, another thing in each command
                case '`', '\'' -> throw illegal(i, key, "and what follows stand for parts of the command there");
                default -> sent.append(name.charAt(i));
            }
            if (next == '$' || next == '&') {
                i++;
            }
        }
        return sent.toString();
    }

    private static boolean isWhiteSpace(char c) {
        return c == ' '
                || c >= '\t' && c <= '\r'
                || c == 0xa0
                || c >= 0x2000 && c <= 0x200a
                || MORE_WHITE_SPACE.indexOf(c) >= 0;
    }

    private static IllegalKeyException illegal(int index, Key key, String why) {
        return new IllegalKeyException(
                Reason.ILLEGAL_CHARACTER,
                String.format(
                        "character U+%04X at index %d %s", (int) key.name().charAt(index), index, why),
                key);
    }

    private static String md5(Key key) {
        try {
            byte[] bytes = Utf8.encode(key.name()).toByteArray();
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (SerdeException e) {
            throw new IllegalKeyException(Reason.NOT_ENCODABLE, "half a surrogate pair", key);
        } catch (NoSuchAlgorithmException e) {
            // every Java platform has it
            throw new IllegalStateException(e);
        }
    }
}
