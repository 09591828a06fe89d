package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.MemcachedException.Delivery;
import io.cachewire.internal.operation.Results;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MultiResultsTest {
    private static final MemcachedException FAULT = new OverloadedException("full", null, "c");

    @Test
    void got() {
        MultiResults.Got<String, Integer> results =
                new MultiResults.Got<>(Map.of("a", 1), Set.of("b"), Map.of("c", FAULT));
        assertEquals(3, results.size());
        assertFalse(results.noFailures());
        PartialResultException e = assertThrows(PartialResultException.class, () -> Results.hits(results));
        assertSame(results, e.results());
        assertSame(FAULT, e.getCause());
        assertEquals("1 of 3 failed, the first: overloaded: full [key \"c\"]", e.getMessage());
        assertEquals(Delivery.INDETERMINATE, e.delivery());
        assertEquals(Map.of("a", 1), Results.hits(new MultiResults.Got<>(Map.of("a", 1), Set.of("b"), Map.of())));
    }

    @Test
    void stored() {
        MultiResults.Stored<String> results = new MultiResults.Stored<>(Set.of("a", "b"), Map.of("c", FAULT));
        assertEquals(3, results.size());
        assertFalse(results.noFailures());
        assertTrue(new MultiResults.Stored<>(Set.of("a"), Map.of()).noFailures());
    }

    @Test
    void deleted() {
        assertTrue(new MultiResults.Deleted<>(Set.of("a"), Set.of(), Map.of()).allDeleted());
        assertFalse(new MultiResults.Deleted<>(Set.of("a"), Set.of("b"), Map.of()).allDeleted());
        MultiResults.Deleted<String> failed = new MultiResults.Deleted<>(Set.of(), Set.of(), Map.of("c", FAULT));
        assertFalse(failed.allDeleted());
        assertEquals(1, failed.size());
        assertThrows(PartialResultException.class, () -> Results.deleted(failed, failure -> false));
        assertEquals(
                Set.of("a"),
                Results.deleted(new MultiResults.Deleted<>(Set.of("a"), Set.of("b"), Map.of()), failure -> false));
    }

    @Test
    void perServer() {
        ServerAddress one = new ServerAddress("one", 1);
        ServerAddress two = new ServerAddress("two", 2);
        MultiResults.PerServer<String> results = new MultiResults.PerServer<>(Map.of(one, "1.6"), Map.of(two, FAULT));
        assertEquals(2, results.size());
        assertThrows(PartialResultException.class, () -> Results.answers(results));
        assertEquals(Map.of(one, "1.6"), Results.answers(new MultiResults.PerServer<>(Map.of(one, "1.6"), Map.of())));
    }

    @Test
    void theFirstFailureIsTheCauseAndTheNextSixteenAreSuppressed() {
        Map<String, MemcachedException> failed = new LinkedHashMap<>();
        for (int i = 0; i < 100; i++) {
            failed.put("k" + i, new OverloadedException("full", null, "k" + i));
        }
        PartialResultException e = new PartialResultException(new MultiResults.Got<>(Map.of(), Set.of(), failed));
        assertSame(failed.get("k0"), e.getCause());
        assertEquals(List.copyOf(failed.values()).subList(1, 17), List.of(e.getSuppressed()));
        assertEquals("100 of 100 failed, the first: overloaded: full [key \"k0\"]", e.getMessage());
    }
}
