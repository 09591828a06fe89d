package io.cachewire.spring;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/** What a cache knows of the caller's transaction. */
sealed interface Transactions {
    /** Whether the caller is in a transaction. */
    boolean isOpen();

    /** Whether what the caller reads may be taken back: what it has written itself. */
    boolean isWriting();

    /** Runs a task when the caller's transaction has been committed. */
    void afterCommit(Runnable task);

    static Transactions ofSpring() {
        return ClassUtils.isPresent(
                        "org.springframework.transaction.support.TransactionSynchronizationManager",
                        Transactions.class.getClassLoader())
                ? new OfThread()
                : new None();
    }

    /** There are none. */
    final class None implements Transactions {
        @Override
        public boolean isOpen() {
            return false;
        }

        @Override
        public boolean isWriting() {
            return false;
        }

        @Override
        public void afterCommit(Runnable task) {
            task.run();
        }
    }

    /** Those of spring-tx. */
    final class OfThread implements Transactions {
        @Override
        public boolean isOpen() {
            return TransactionSynchronizationManager.isSynchronizationActive()
                    && TransactionSynchronizationManager.isActualTransactionActive();
        }

        @Override
        public boolean isWriting() {
            return isOpen() && !TransactionSynchronizationManager.isCurrentTransactionReadOnly();
        }

        @Override
        public void afterCommit(Runnable task) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    task.run();
                }
            });
        }
    }
}
