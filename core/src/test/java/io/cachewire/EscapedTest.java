package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscapedTest {
    @Test
    void printableAsciiStays() {
        assertEquals("user:1 ~!", Escaped.text("user:1 ~!"));
        assertEquals("", Escaped.text(""));
    }

    @ParameterizedTest
    @CsvSource({
        "13, \\r",
        "10, \\n",
        "0, \\u0000",
        "9, \\u0009",
        "27, \\u001b",
        "127, \\u007f",
        "233, \\u00e9",
        "8232, \\u2028",
        "8238, \\u202e",
        "55357, \\ud83d",
        "92, \\\\",
        "34, '\\\"'"
    })
    void everythingElseIsEscaped(int character, String escaped) {
        assertEquals("a" + escaped + "b", Escaped.text("a" + (char) character + "b"));
    }

    @Test
    void allCharactersComeOutPrintable() {
        for (int c = 0; c <= 0xffff; c++) {
            String text = Escaped.text(String.valueOf((char) c));
            assertTrue(text.matches("[ -~]{1,6}"), text);
        }
    }

    @Test
    void longTextsAreCut() {
        assertEquals("k".repeat(64), Escaped.text("k".repeat(64)));
        assertEquals("k".repeat(64) + "... (65 characters)", Escaped.text("k".repeat(65)));
        assertEquals(
                64 * 6 + "... (1000000 characters)".length(),
                Escaped.text("\u0000".repeat(1_000_000)).length());
    }
}
