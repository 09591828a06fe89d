package io.cachewire.routing;

import io.cachewire.DataBlock;
import java.nio.charset.StandardCharsets;

/** What rules for the choices after the first have in common. */
final class Attempts {
    private Attempts() {}

    static void check(int attempt) {
        if (attempt < 0) {
            throw new IllegalArgumentException("attempt " + attempt + " is below 0");
        }
    }

    /** The key with a decimal number before it: what clients hash to move a key elsewhere. */
    static DataBlock numbered(long number, DataBlock routingKey) {
        byte[] digits = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[digits.length + routingKey.length()];
        System.arraycopy(digits, 0, bytes, 0, digits.length);
        for (int i = 0; i < routingKey.length(); i++) {
            bytes[digits.length + i] = routingKey.at(i);
        }
        return DataBlock.wrap(bytes);
    }
}
