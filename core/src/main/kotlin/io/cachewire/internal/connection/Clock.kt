package io.cachewire.internal.connection

/** Monotonic time in nanoseconds since the class was loaded: never negative, and untouched by changes of the wall clock. */
public fun interface Clock {
    public fun nanos(): Long

    public companion object {
        private val origin = java.lang.System.nanoTime()

        /** The machine's monotonic clock. */
        public val System: Clock = Clock { java.lang.System.nanoTime() - origin }
    }
}
