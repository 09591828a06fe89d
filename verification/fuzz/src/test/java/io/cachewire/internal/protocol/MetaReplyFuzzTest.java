package io.cachewire.internal.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.cachewire.internal.protocol.line.MetaDialect;
import org.junit.jupiter.api.DisplayName;

class MetaReplyFuzzTest {
    @FuzzTest(maxDuration = "1m")
    @DisplayName("S22 any bytes are meta replies or malformed, in bounded memory and however they are cut")
    void replies(byte[] input) {
        ReplyFuzz.check(new MetaDialect(), input);
    }
}
