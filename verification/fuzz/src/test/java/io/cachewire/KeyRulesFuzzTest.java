package io.cachewire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.cachewire.fuzz.Bounded;
import io.cachewire.internal.protocol.Dialect;
import io.cachewire.internal.protocol.Opcode;
import io.cachewire.internal.protocol.Request;
import io.cachewire.internal.protocol.line.MetaDialect;
import io.cachewire.internal.protocol.line.TextDialect;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;

class KeyRulesFuzzTest {
    private static final List<Dialect> DIALECTS = List.of(new MetaDialect(), new TextDialect());

    /** The bytes are UTF-16: any text can be made of them, half a surrogate pair too. */
    @FuzzTest(maxDuration = "1m")
    @DisplayName("S22 any text is a key that stays one word of one line, or refused")
    void encode(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_16BE);
        StringBuilder raw = new StringBuilder();
        for (int i = 0; i + 1 < input.length; i += 2) {
            raw.append((char) ((input[i] & 0xff) << 8 | input[i + 1] & 0xff));
        }
        for (KeyEncoding encoding : KeyEncoding.values()) {
            for (String key : List.of(text, raw.toString(), new String(input, StandardCharsets.ISO_8859_1))) {
                Bounded.run(input.length, () -> encode(key, encoding) == null ? 0 : key.length());
                DataBlock bytes = encode(key, encoding);
                if (bytes != null) {
                    requireSame(key, bytes, encoding == KeyEncoding.BASE64 ? decoded(bytes, key) : bytes);
                }
            }
        }
    }

    private static @Nullable DataBlock encode(String key, KeyEncoding encoding) {
        try {
            return KeyRules.encode(key, encoding);
        } catch (IllegalKeyException expected) {
            return null;
        }
    }

    /** What ASCII can carry goes as it is, anything else as base64. */
    private static DataBlock decoded(DataBlock wire, String key) {
        return wire.toUtf8().equals(key)
                ? wire
                : DataBlock.wrap(Base64.getDecoder().decode(wire.toByteArray()));
    }

    private static void requireSame(String key, DataBlock bytes, DataBlock meant) {
        if (bytes.length() < 1
                || bytes.length() > KeyRules.MAX_BYTES
                || !meant.toUtf8().equals(key)) {
            throw new AssertionError("a key of " + bytes.length() + " bytes that is not the one given");
        }
        for (Dialect dialect : DIALECTS) {
            requireOneWord(dialect, new Request.Store(Opcode.SET, bytes, DataBlock.ofUtf8("value"), 0, 0, 0), bytes);
        }
    }

    private static void requireOneWord(Dialect dialect, Request request, DataBlock key) {
        byte[] out = new byte[Dialect.MAX_HEADER_BYTES];
        int end = dialect.encodeHeader(request, 1, out, 0);
        String line = new String(out, 0, end, StandardCharsets.ISO_8859_1);
        String word = new String(key.toByteArray(), StandardCharsets.ISO_8859_1);
        boolean one = line.indexOf('\n') == end - 1 && line.indexOf('\0') < 0 && line.split(" ")[1].equals(word);
        if (!one) {
            throw new AssertionError("more than one word or line");
        }
    }
}
