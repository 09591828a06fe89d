package io.cachewire.internal.connection;

import io.cachewire.fixture.ModelCheck;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** No interleaving passes a bound of the budget, loses a share, or gives one back twice. */
class BudgetLincheckTest {
    private static final int MAX_COUNT = 2;
    private static final int MAX_BYTES = 10;

    /** What the model asks of a budget. */
    interface Shares {
        boolean tryTake(int bytes);

        void giveBack(int bytes);

        int count();

        long bytes();
    }

    /**
     * Operations have no result: a refusal may come from another thread's attempt that is being undone, which no order
     * of whole operations explains.
     */
    @Param(name = "bytes", gen = IntGen.class, conf = "1:6")
    public abstract static class Model {
        private final Shares budget = budget();
        private final AtomicInteger held = new AtomicInteger();
        private final AtomicLong heldBytes = new AtomicLong();

        abstract Shares budget();

        @Operation(params = "bytes")
        public void takeAndGiveBack(int bytes) {
            if (budget.tryTake(bytes)) {
                held(1, bytes);
                held(-1, -bytes);
                budget.giveBack(bytes);
            }
        }

        @Operation(params = "bytes")
        public void takeAndKeep(int bytes) {
            if (budget.tryTake(bytes)) {
                held(1, bytes);
            }
        }

        private void held(int count, int bytes) {
            if (held.addAndGet(count) > MAX_COUNT || heldBytes.addAndGet(bytes) > MAX_BYTES) {
                throw new IllegalStateException("a bound was passed");
            }
        }

        @Validate
        public void whatIsTakenIsWhatIsHeld() {
            if (budget.count() != held.get() || budget.bytes() != heldBytes.get()) {
                throw new IllegalStateException("taken " + budget.count() + ", held " + held);
            }
        }
    }

    /** The budget of a connection. */
    public static class Real extends Model {
        @Override
        Shares budget() {
            Budget budget = new Budget(MAX_COUNT, MAX_BYTES);
            return new Shares() {
                @Override
                public boolean tryTake(int bytes) {
                    return budget.tryTake(bytes);
                }

                @Override
                public void giveBack(int bytes) {
                    budget.giveBack(bytes);
                }

                @Override
                public int count() {
                    return budget.count();
                }

                @Override
                public long bytes() {
                    return budget.bytes();
                }
            };
        }
    }

    /** Looks first and takes then. */
    public static class LooksFirst extends Model {
        @Override
        Shares budget() {
            AtomicInteger count = new AtomicInteger();
            AtomicLong taken = new AtomicLong();
            return new Shares() {
                @Override
                public boolean tryTake(int bytes) {
                    if (count.get() >= MAX_COUNT || taken.get() + bytes > MAX_BYTES) {
                        return false;
                    }
                    count.incrementAndGet();
                    taken.addAndGet(bytes);
                    return true;
                }

                @Override
                public void giveBack(int bytes) {
                    count.decrementAndGet();
                    taken.addAndGet(-bytes);
                }

                @Override
                public int count() {
                    return count.get();
                }

                @Override
                public long bytes() {
                    return taken.get();
                }
            };
        }
    }

    @Test
    @DisplayName("S23 no interleaving passes a bound of the budget or loses a share of it")
    void budget() {
        ModelCheck.passes(Real.class);
    }

    @Test
    @DisplayName("S23 a budget that looks first and takes then is caught")
    void fault() {
        ModelCheck.catches(LooksFirst.class);
    }
}
