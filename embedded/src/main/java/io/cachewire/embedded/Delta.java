package io.cachewire.embedded;

/** A step up or down, modulo 2^64 upwards and not below 0 downwards. */
record Delta(Direction direction, long amount) {
    enum Direction {
        UP,
        DOWN
    }

    long applyTo(long number) {
        return switch (direction) {
            case UP -> number + amount;
            case DOWN -> Long.compareUnsigned(amount, number) > 0 ? 0 : number - amount;
        };
    }
}
