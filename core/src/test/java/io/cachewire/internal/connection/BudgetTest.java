package io.cachewire.internal.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BudgetTest {
    @Test
    void boundsTheCount() {
        Budget budget = new Budget(2, 1000);
        assertTrue(budget.tryTake(1));
        assertTrue(budget.tryTake(1));
        assertFalse(budget.tryTake(1));
        assertEquals(2, budget.count());
        budget.giveBack(1);
        assertTrue(budget.tryTake(1));
    }

    @Test
    void boundsTheBytes() {
        Budget budget = new Budget(100, 1000);
        assertTrue(budget.tryTake(600));
        assertFalse(budget.tryTake(401));
        assertTrue(budget.tryTake(400));
        assertEquals(1000, budget.bytes());
    }

    @Test
    void letsOneLargeRequestPassAlone() {
        Budget budget = new Budget(100, 1000);
        assertTrue(budget.tryTake(5000));
        assertFalse(budget.tryTake(1));
        budget.giveBack(5000);
        assertTrue(budget.tryTake(1));
        assertFalse(budget.tryTake(5000));
        assertEquals(1, budget.bytes());
    }

    @Test
    void borrowsWhatLiesBeyondTheAllowance() {
        SharedMemory memory = new SharedMemory(100_000);
        Budget budget = new Budget(100, 1 << 20, memory);
        assertTrue(budget.tryTake(Budget.ALLOWANCE - 10));
        assertEquals(0, budget.borrow(Budget.ALLOWANCE - 10));
        assertTrue(budget.tryTake(30));
        assertEquals(20, budget.borrow(30));
        assertTrue(budget.tryTake(90_000));
        assertEquals(90_000, budget.borrow(90_000));
        assertTrue(budget.tryTake(20_000));
        assertEquals(-1, budget.borrow(20_000));
        assertEquals(90_020, memory.taken());
        budget.repay(90_000);
        budget.repay(20);
        assertEquals(0, memory.taken());
    }

    @Test
    void refusesAnImpossibleBound() {
        assertThrows(IllegalArgumentException.class, () -> new Budget(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Budget(1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Budget(1_000_001, 1));
    }
}
