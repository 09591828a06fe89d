package io.cachewire.internal.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.cachewire.internal.protocol.binary.BinaryDialect;
import org.junit.jupiter.api.DisplayName;

class BinaryReplyFuzzTest {
    @FuzzTest(maxDuration = "1m")
    @DisplayName("S22 any bytes are binary replies or malformed, in bounded memory and however they are cut")
    void replies(byte[] input) {
        ReplyFuzz.check(new BinaryDialect(), input);
    }
}
