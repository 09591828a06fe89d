package io.cachewire.verification.consumers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LimitTest {
    @Test
    void callThatHangsFailsWithADumpOfItsThread() {
        CountDownLatch never = new CountDownLatch(1);
        AssertionError failure = assertThrows(
                AssertionError.class,
                () -> Limit.of(Duration.ofMillis(50), "get", () -> {
                    never.await();
                    return true;
                }));
        never.countDown();
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.startsWith("get has not ended after PT0.05S"), message);
        assertTrue(message.contains("\"consumer: get\""), message);
        assertTrue(message.contains("CountDownLatch.await"), message);
    }

    @Test
    void resultsAndFailuresPassThrough() throws Exception {
        assertEquals(7, Limit.of(Duration.ofMinutes(1), "seven", () -> 7));
        IOException failure = new IOException("broken");
        assertEquals(
                failure,
                assertThrows(
                        IOException.class,
                        () -> Limit.of(Duration.ofMinutes(1), "broken", () -> {
                            throw failure;
                        })));
    }
}
