package io.cachewire.operation;

import io.cachewire.CasResult;
import io.cachewire.CasValue;
import io.cachewire.DataBlock;
import io.cachewire.Expiry;
import io.cachewire.IllegalRequestException;
import io.cachewire.Item;
import io.cachewire.Key;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.SerdeException;
import io.cachewire.TypedValue;
import io.cachewire.ValueTooLargeException;
import io.cachewire.ValueType;
import io.cachewire.protocol.Opcode;
import io.cachewire.protocol.Request;
import io.cachewire.serde.EncodedValue;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes operations from a caller's arguments. All checks are here, and encoding too: what comes out can be sent as it is, and what
 * throws has sent nothing. Immutable; each view of a client has one.
 */
public final class Operations {
    private static final int MAX_ARGUMENT = 200;

    private final Scope scope;

    /** Operations of one view. */
    public Operations(Scope scope) {
        this.scope = scope;
    }

    /** What the operations share. */
    public Scope scope() {
        return scope;
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

    <R> Operation<R> stats(String argument, Function<Map<String, String>, R> shape) {
        return AdminOperation.stats(new Request.Server(Opcode.STATS, checked(argument)), shape, scope);
    }

    /** {@code version}. */
    public Operation<String> version() {
        return version(text -> text);
    }

    <R> Operation<R> version(Function<String, @Nullable R> shape) {
        return AdminOperation.version(new Request.Server(Opcode.VERSION, ""), shape, scope);
    }

    Operation<Boolean> noop() {
        return AdminOperation.noop(new Request.Server(Opcode.NOOP, ""), scope);
    }

    /** The key as a command line has it, with the meta flag of a key in base64. */
    String keyOnALine(CharSequence name) {
        Key key = key(name);
        String text = wire(key).toUtf8();
        return scope.keys().behindBase64(key) == null ? text : text + " b";
    }

    /** {@code flush_all}; null for at once. */
    public Operation<Boolean> flushAll(@Nullable Duration delay) {
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
        TypedValue<?> typed = TypedValue.of(value);
        DataBlock data = encoding(key, () -> scope.serdes().encodeForAppend(key.name(), typed.value(), typed.type()));
        checkSize(key, data);
        return new Request.Store(opcode, wire(key), data, 0, 0, 0);
    }

    private Operation<@Nullable Long> arithmetic(
            Opcode opcode, CharSequence name, long by, @Nullable Long initial, @Nullable Expiry expiry) {
        Key key = key(name);
        if (by < 0) {
            throw new IllegalRequestException("the delta must be 0 or more, not " + by);
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
        TypedValue<?> typed = TypedValue.of(value);
        EncodedValue encoded = encoding(key, () -> scope.serdes().encode(key.name(), typed.value(), typed.type()));
        checkSize(key, encoded.data());
        return new Request.Store(opcode, wire, encoded.data(), encoded.flags(), exptime(expiry), 0);
    }

    private Request.Store casRequest(Key key, Object value, long cas, @Nullable Expiry expiry) {
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

    private void checkSize(Key key, DataBlock data) {
        if (data.length() > scope.maxValueBytes()) {
            throw new ValueTooLargeException(
                    data.length() + " bytes of at most " + scope.maxValueBytes(), Delivery.NOT_SENT, null, key);
        }
    }

    /** The full key. */
    Key key(CharSequence name) {
        return scope.key(name);
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
