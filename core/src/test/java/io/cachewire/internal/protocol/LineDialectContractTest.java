package io.cachewire.internal.protocol;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the line dialects have to keep beside the contract: lengths are decimal text, and the end of a data block is marked. */
public abstract class LineDialectContractTest extends DialectContractTest {
    @Test
    void lengthsThatAreNotNumbersAreMalformed() {
        for (String length : List.of("-1", "abc", "", "+5", "0x5", " 5", "5.", "5,", "\0005")) {
            assertMalformed(itemOfLength(length, ReplyReading.bytes("12345")));
        }
    }

    @Test
    void lengthsOverSixteenTimesTheLimitAreMalformedAndToldWithTheirs() {
        for (String length : List.of(
                Integer.toString(16 * MAX_VALUE_BYTES + 1),
                "2147483647",
                "2147483648",
                "4294967296",
                "4294967301",
                "9223372036854775807",
                "9223372036854775808",
                "18446744073709551616",
                "18446744073709551621",
                "99999999999999999999",
                "100000000000000000000000000000000000005")) {
            MalformedReply malformed = assertMalformed(itemOfLength(length, ReplyReading.bytes("12345")));
            assertTrue(malformed.getMessage().contains(length), malformed::getMessage);
            assertTrue(malformed.getMessage().contains(Integer.toString(16 * MAX_VALUE_BYTES)), malformed::getMessage);
        }
    }

    @Test
    void lengthsThatLieAreMalformed() {
        assertMalformed(itemOfLength("4", ReplyReading.bytes("12345")));
        assertMalformed(itemOfLength("6", ReplyReading.bytes("12345")));
        assertMalformed(itemOfLength("7", ReplyReading.bytes("12345\r\n12345")));
    }
}
