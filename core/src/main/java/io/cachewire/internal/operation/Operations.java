package io.cachewire.internal.operation;

import io.cachewire.CasResult;
import io.cachewire.CasValue;
import io.cachewire.DataBlock;
import io.cachewire.Expiry;
import io.cachewire.IllegalRequestException;
import io.cachewire.Item;
import io.cachewire.Key;
import io.cachewire.MemcachedException;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.SerdeException;
import io.cachewire.TypedValue;
import io.cachewire.ValueTooLargeException;
import io.cachewire.ValueType;
import io.cachewire.WriteFailures;
import io.cachewire.internal.protocol.Opcode;
import io.cachewire.internal.protocol.Request;
import io.cachewire.serde.EncodedValue;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes operations from a caller's arguments. All checks are here, and encoding too: what comes out can be sent as it is, and what
 * throws has sent nothing. Immutable; each view of a client has one.
 */
public final class Operations {
    private static final int MAX_ARGUMENT = 200;

    /** The item size that servers have unless they are told otherwise ({@code -I}). */
    private static final int DEFAULT_ITEM_BYTES = 1 << 20;

    /** What an item takes beside its key, its flags if any, and its data: header, cas unique, two line ends, the end of the key. */
    private static final int ITEM_OVERHEAD = 59;

    private static final int FLAGS_BYTES = 4;

    private static final String NO_VALUE = "the value is null; delete(key) removes an item";

    private final Scope scope;

    /** Operations of one view. */
    public Operations(Scope scope) {
        this.scope = scope;
    }

    /** What the operations share. */
    public Scope scope() {
        return scope;
    }

    /** The same operations, whose failures are all thrown: for calls that tell of them by themselves. */
    public Operations telling() {
        return scope.writeFailures() == WriteFailures.THROW
                ? this
                : new Operations(scope.withWriteFailures(WriteFailures.THROW));
    }

    /** Whether a write that failed so is to be ignored; it is counted then. */
    public boolean ignores(MemcachedException failure) {
        return scope.ignores(failure);
    }

    /** {@code get}. */
    public <T> Operation<@Nullable T> get(CharSequence name, ValueType<T> type) {
        Key key = key(name);
        return GetOperation.get(key, new Request.Keyed(Opcode.GET, wire(key)), type, scope);
    }

    /** {@code gets}. */
    public <T> Operation<@Nullable CasValue<T>> gets(CharSequence name, ValueType<T> type) {
        Key key = key(name);
        return GetOperation.gets(key, new Request.Keyed(Opcode.GETS, wire(key)), type, scope);
    }

    /** {@code gets} as {@code update} needs it: an item whose value its serde takes for a miss is there. */
    <T> Operation<Update.@Nullable Held<T>> held(CharSequence name, ValueType<T> type) {
        Key key = key(name);
        return GetOperation.held(key, new Request.Keyed(Opcode.GETS, wire(key)), type, scope);
    }

    /** {@code item}. */
    public <T> Operation<@Nullable Item<T>> item(CharSequence name, ValueType<T> type) {
        Key key = key(name);
        return GetOperation.item(key, new Request.Keyed(Opcode.ITEM, wire(key)), type, scope);
    }

    /** {@code getAndTouch}. */
    public <T> Operation<@Nullable T> getAndTouch(CharSequence name, ValueType<T> type, Expiry expiry) {
        Key key = key(name);
        Request request = new Request.Touch(Opcode.GET_AND_TOUCH, wire(key), exptime(expiry));
        return GetOperation.get(key, request, type, scope);
    }

    /** {@code touch}. */
    public Operation<Boolean> touch(CharSequence name, Expiry expiry) {
        Key key = key(name);
        return new TouchOperation(key, new Request.Touch(Opcode.TOUCH, wire(key), exptime(expiry)), scope);
    }

    /** {@code set}. */
    public Operation<@Nullable Void> set(CharSequence name, Object value, @Nullable Expiry expiry) {
        Key key = key(name);
        return StoreOperation.unconditional(key, store(Opcode.SET, key, value, expiry), scope);
    }

    /** {@code add}. */
    public Operation<Boolean> add(CharSequence name, Object value, @Nullable Expiry expiry) {
        Key key = key(name);
        return StoreOperation.conditional(key, store(Opcode.ADD, key, value, expiry), scope);
    }

    /** {@code replace}. */
    public Operation<Boolean> replace(CharSequence name, Object value, @Nullable Expiry expiry) {
        Key key = key(name);
        return StoreOperation.conditional(key, store(Opcode.REPLACE, key, value, expiry), scope);
    }

    /** {@code append}. */
    public Operation<Boolean> append(CharSequence name, Object value) {
        return extend(Opcode.APPEND, name, value);
    }

    /** {@code prepend}. */
    public Operation<Boolean> prepend(CharSequence name, Object value) {
        return extend(Opcode.PREPEND, name, value);
    }

    /** {@code cas}. */
    public Operation<CasResult> cas(CharSequence name, Object value, long cas, @Nullable Expiry expiry) {
        Key key = key(name);
        return StoreOperation.cas(key, casRequest(key, value, cas, expiry), scope);
    }

    /** {@code cas} as {@code update} needs it: true when stored. */
    Operation<Boolean> casOrFalse(CharSequence name, Object value, long cas, @Nullable Expiry expiry) {
        Key key = key(name);
        return StoreOperation.conditional(key, casRequest(key, value, cas, expiry), scope);
    }

    /** {@code delete}. */
    public Operation<Boolean> delete(CharSequence name) {
        Key key = key(name);
        return new DeleteOperation(key, new Request.Keyed(Opcode.DELETE, wire(key)), scope);
    }

    /** {@code markStale}. */
    public Operation<Boolean> markStale(CharSequence name, Expiry expiry) {
        Key key = key(name);
        return new DeleteOperation(key, new Request.Touch(Opcode.MARK_STALE, wire(key), exptime(expiry)), scope);
    }

    /**
     * {@code increment}.
     *
     * @param initial what an absent counter is created with, or null to leave it absent
     */
    public Operation<@Nullable Long> increment(
            CharSequence name, long by, @Nullable Long initial, @Nullable Expiry expiry) {
        return arithmetic(Opcode.INCREMENT, name, by, initial, expiry);
    }

    /** {@code decrement}; arguments as for increment. */
    public Operation<@Nullable Long> decrement(
            CharSequence name, long by, @Nullable Long initial, @Nullable Expiry expiry) {
        return arithmetic(Opcode.DECREMENT, name, by, initial, expiry);
    }

    /** {@code stats}, of one kind when there is an argument. */
    public Operation<Map<String, String>> stats(String argument) {
        return stats(argument, lines -> lines);
    }

    public <R> Operation<R> stats(String argument, Function<Map<String, String>, R> shape) {
        return AdminOperation.stats(new Request.Server(Opcode.STATS, checked(argument)), shape, scope);
    }

    /** {@code version}. */
    public Operation<String> version() {
        return version(text -> text);
    }

    public <R> Operation<R> version(Function<String, @Nullable R> shape) {
        return AdminOperation.version(new Request.Server(Opcode.VERSION, ""), shape, scope);
    }

    /** The no-op of the dialect. */
    public Operation<Boolean> noop() {
        return AdminOperation.noop(new Request.Server(Opcode.NOOP, ""), scope);
    }

    /** The key as a command line has it, with the meta flag of a key in base64. */
    public String keyOnALine(CharSequence name) {
        Key key = key(name);
        String text = wire(key).toUtf8();
        return scope.keys().behindBase64(key) == null ? text : text + " b";
    }

    /** {@code flush_all}; null for at once. */
    public Operation<Boolean> flushAll(@Nullable Duration delay) {
        if (delay != null && (delay.isZero() || delay.isNegative())) {
            throw new IllegalRequestException("the delay of flushAll must be above zero, or left out, not " + delay);
        }
        String argument = delay == null ? "" : Long.toString(exptime(Expiry.after(delay)));
        return AdminOperation.acknowledged(new Request.Server(Opcode.FLUSH_ALL, argument), scope);
    }

    /** {@code verbosity}. */
    public Operation<Boolean> verbosity(int level) {
        if (level < 0) {
            throw new IllegalRequestException("verbosity must be 0 or more, not " + level);
        }
        return AdminOperation.acknowledged(new Request.Server(Opcode.VERBOSITY, Integer.toString(level)), scope);
    }

    private Operation<Boolean> extend(Opcode opcode, CharSequence name, Object value) {
        Key key = key(name);
        return StoreOperation.conditional(key, extension(opcode, key, value), scope);
    }

    /** A request that adds to a value, its part encoded. */
    Request.Store extension(Opcode opcode, Key key, Object value) {
        TypedValue<?> typed = TypedValue.of(Objects.requireNonNull(value, NO_VALUE));
        DataBlock data = encoding(key, () -> scope.serdes().encodeForAppend(key.name(), typed.value(), typed.type()));
        DataBlock wire = wire(key);
        checkSize(key, wire, data, 0);
        return new Request.Store(opcode, wire, data, 0, 0, 0);
    }

    private Operation<@Nullable Long> arithmetic(
            Opcode opcode, CharSequence name, long by, @Nullable Long initial, @Nullable Expiry expiry) {
        Key key = key(name);
        if (by < 0) {
            throw new IllegalRequestException("the delta must be 0 or more, not " + by + "; "
                    + (opcode == Opcode.INCREMENT ? "decrement subtracts" : "increment adds"));
        }
        if (initial != null && initial < 0) {
            throw new IllegalRequestException("the initial value must be 0 or more, not " + initial);
        }
        if (initial == null && expiry != null) {
            throw new IllegalRequestException("a TTL is for a counter that is created: give an initial value too");
        }
        Request.Initial create = initial == null ? null : new Request.Initial(initial, exptime(expiry));
        return new ArithmeticOperation(key, new Request.Arithmetic(opcode, wire(key), by, create), scope);
    }

    /** A store request with its value encoded. */
    Request.Store store(Opcode opcode, Key key, Object value, @Nullable Expiry expiry) {
        DataBlock wire = wire(key);
        TypedValue<?> typed = TypedValue.of(Objects.requireNonNull(value, NO_VALUE));
        EncodedValue encoded = encoding(key, () -> scope.serdes().encode(key.name(), typed.value(), typed.type()));
        checkSize(key, wire, encoded.data(), encoded.flags());
        return new Request.Store(opcode, wire, encoded.data(), encoded.flags(), exptime(expiry), 0);
    }

    /**
     * A server without cas uniques gives 0: in the binary protocol it would mean "whatever is there", and a relative of memcached that does
     * not have the command would read the value as commands.
     */
    private Request.Store casRequest(Key key, Object value, long cas, @Nullable Expiry expiry) {
        if (cas == 0) {
            throw new IllegalRequestException(
                    "0 is not a cas unique: the server runs without them (-C), or does not have them");
        }
        Request.Store plain = store(Opcode.CAS, key, value, expiry);
        return new Request.Store(Opcode.CAS, plain.key(), plain.data(), plain.flags(), plain.exptime(), cas);
    }

    private static <E> E encoding(Key key, Supplier<E> encoder) {
        try {
            return encoder.get();
        } catch (SerdeException e) {
            throw e.at(Delivery.NOT_SENT, null, key);
        }
    }

    /**
     * A server removes the old value when it refuses a new one, so what it will refuse must not be sent. A limit of a mebibyte or more is taken
     * for its item size, in which the key and the item's header have to fit too; a smaller one is below any server's.
     */
    private void checkSize(Key key, DataBlock wire, DataBlock data, int flags) {
        int limit = scope.maxValueBytes();
        long size = data.length();
        if (size > limit) {
            throw tooLarge(size + " bytes of at most " + limit, key);
        }
        size += ITEM_OVERHEAD + wire.length() + (flags == 0 ? 0 : FLAGS_BYTES);
        if (limit >= DEFAULT_ITEM_BYTES && size > limit) {
            throw tooLarge(
                    data.length() + " bytes, " + size + " with the key and the item's header, of at most " + limit,
                    key);
        }
    }

    private static ValueTooLargeException tooLarge(String what, Key key) {
        return new ValueTooLargeException(what + " (maxValueBytes, the server's -I)", Delivery.NOT_SENT, null, key);
    }

    /** The full key. */
    Key key(CharSequence name) {
        return scope.key(Objects.requireNonNull(name, "the key is null"));
    }

    /** The key on the command line. */
    DataBlock wire(Key key) {
        return scope.keys().wire(key);
    }

    /** 0 for never; null for the default. */
    long exptime(@Nullable Expiry expiry) {
        Expiry chosen = expiry == null ? scope.defaultExpiry() : expiry;
        return chosen.isNever()
                ? 0
                : chosen.toExptime(scope.wallClock().instant().getEpochSecond());
    }

    private static String checked(String argument) {
        boolean fine = argument.length() <= MAX_ARGUMENT;
        for (int i = 0; fine && i < argument.length(); i++) {
            char c = argument.charAt(i);
            fine = c >= ' ' && c < 0x7f;
        }
        if (!fine) {
            throw new IllegalRequestException(
                    "an argument of stats is printable ASCII of at most " + MAX_ARGUMENT + " characters");
        }
        return argument;
    }
}
