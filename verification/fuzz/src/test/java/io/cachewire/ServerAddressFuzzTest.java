package io.cachewire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.cachewire.fuzz.Bounded;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;

class ServerAddressFuzzTest {
    @FuzzTest(maxDuration = "1m")
    @DisplayName("S22 any text is a server's address, which reads back the same, or refused")
    void parse(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        Bounded.run(input.length, () -> parse(text));
    }

    private static long parse(String text) {
        ServerAddress address;
        try {
            address = ServerAddress.parse(text);
        } catch (IllegalRequestException expected) {
            return 0;
        }
        ServerAddress again = ServerAddress.parse(address.toString()).withWeight(address.weight());
        if (!again.equals(address)) {
            throw new AssertionError(address + " reads back as " + again);
        }
        boolean plain = address.host().chars().noneMatch(c -> c <= ' ' || c == 0x7f);
        if (!plain || address.isUnix() != (address.port() == 0)) {
            throw new AssertionError("accepted: " + address);
        }
        return 0;
    }
}
