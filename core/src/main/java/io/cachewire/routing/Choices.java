package io.cachewire.routing;

import io.cachewire.DataBlock;
import java.nio.charset.StandardCharsets;

/** What the rules share: checks of their input, and how a key is changed to be placed elsewhere. */
final class Choices {
    private Choices() {}

    static void checkAttempt(int attempt) {
        if (attempt < 0) {
            throw new IllegalArgumentException("attempt " + attempt + " is below 0");
        }
    }

    /** A rule over no servers has no answers; whoever builds one has made an error. */
    static void checkServers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a locator needs a server");
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
