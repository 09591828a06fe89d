package io.cachewire.internal.operation;

import io.cachewire.Expiry;
import io.cachewire.IllegalRequestException;
import io.cachewire.Key;
import io.cachewire.ServerCapability;
import io.cachewire.ValueType;
import io.cachewire.internal.call.Call;
import io.cachewire.internal.protocol.Opcode;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Request;
import io.cachewire.internal.protocol.Request.MetaVerb;
import io.cachewire.meta.MetaCount;
import io.cachewire.meta.MetaCounted;
import io.cachewire.meta.MetaDelete;
import io.cachewire.meta.MetaGet;
import io.cachewire.meta.MetaSet;
import io.cachewire.meta.MetaStatus;
import io.cachewire.meta.MetaStored;
import io.cachewire.meta.MetaValue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The meta commands (protocol.txt, "Meta Get" to "Meta Arithmetic") with their flags, as calls. Arguments are checked and values encoded
 * before anything is sent; what only newer servers have is asked for after a look at the server's version.
 */
public final class MetaCommands {
    /** All that is told of an item; key and opaque the client checks by itself. */
    private static final String ALL = " v f c t l h s";

    private final Engine engine;
    private final Operations operations;

    /** Commands of one view. */
    public MetaCommands(Engine engine, Operations operations) {
        this.engine = engine;
        this.operations = operations;
    }

    /** {@code mg}. */
    public <T> Call<MetaValue<T>> get(CharSequence name, ValueType<T> type, MetaGet options) {
        Key key = operations.key(name);
        Duration threshold = options.recache();
        String flags = new MetaFlags(ALL)
                .exptime('T', exptime(options.touch()))
                .exptime('N', exptime(options.vivify()))
                .exptime('R', threshold == null ? null : threshold(threshold))
                .with(!options.bump(), "u")
                .toString();
        boolean changesNothing = options.touch() == null && options.vivify() == null && threshold == null;
        return engine.submit(new MetaGetOperation<>(
                key,
                new Request.Meta(MetaVerb.GET, operations.wire(key), null, flags),
                type,
                changesNothing,
                operations.scope()));
    }

    /** {@code ms}. */
    public Call<MetaStored> set(CharSequence name, Object value, MetaSet options) {
        Key key = operations.key(name);
        Request.Store store = switch (options.mode()) {
            case SET, ADD, REPLACE -> operations.store(Opcode.SET, key, value, options.expiry());
            case APPEND, PREPEND -> operations.extension(Opcode.APPEND, key, value);
        };
        String mode = switch (options.mode()) {
            case SET -> "MS";
            case ADD -> "ME";
            case REPLACE -> "MR";
            case APPEND -> "MA";
            case PREPEND -> "MP";
        };
        String flags = new MetaFlags(" c " + mode)
                .number('F', store.flags() == 0 ? null : Integer.toUnsignedLong(store.flags()))
                .exptime('T', store.exptime() == 0 ? null : store.exptime())
                .number('C', options.compareCas())
                .number('E', options.newCas())
                .with(options.invalidate(), "I")
                .exptime('N', exptime(options.vivify()))
                .toString();
        Operation<MetaStored> operation = write(
                key,
                new Request.Meta(MetaVerb.SET, store.key(), store.data(), flags),
                (status, reply) -> new MetaStored(status, reply instanceof Reply.Header done ? done.cas() : null));
        return submit(operation, needed(options.newCas(), options.vivify() != null, ServerCapability.APPEND_VIVIFY));
    }

    /** {@code md}. */
    public Call<MetaStatus> delete(CharSequence name, MetaDelete options) {
        if (options.newCas() != null && !options.stale() && !options.valueless()) {
            throw new IllegalRequestException("a new cas unique is for an item that stays");
        }
        if (options.staleFor() != null && !options.stale()) {
            throw new IllegalRequestException("a time to live is for an item that stays, marked stale");
        }
        Key key = operations.key(name);
        String flags = new MetaFlags("")
                .number('C', options.compareCas())
                .number('E', options.newCas())
                .with(options.stale(), "I")
                .exptime('T', exptime(options.staleFor()))
                .with(options.valueless(), "x")
                .toString();
        Operation<MetaStatus> operation = write(
                key, new Request.Meta(MetaVerb.DELETE, operations.wire(key), null, flags), (status, reply) -> status);
        return submit(operation, needed(options.newCas(), options.valueless(), ServerCapability.REMOVE_VALUE));
    }

    /** {@code ma}. */
    public Call<MetaCounted> count(CharSequence name, MetaCount options) {
        Key key = operations.key(name);
        Long initial = options.initial();
        String flags = new MetaFlags(" v c t")
                .with(options.down(), "MD")
                .number('D', options.delta())
                .exptime('N', initial == null ? null : operations.exptime(options.initialExpiry()))
                .number('J', initial)
                .exptime('T', exptime(options.touch()))
                .number('C', options.compareCas())
                .number('E', options.newCas())
                .toString();
        Operation<MetaCounted> operation = write(
                key, new Request.Meta(MetaVerb.ARITHMETIC, operations.wire(key), null, flags), MetaCommands::counted);
        return submit(operation, needed(options.newCas(), false, ServerCapability.EXPLICIT_CAS));
    }

    private static MetaCounted counted(MetaStatus status, Reply reply) {
        if (!(reply instanceof Reply.Value counter)) {
            return new MetaCounted(status, null, null, null);
        }
        Reply.ItemMeta meta = counter.meta();
        return new MetaCounted(
                status,
                ArithmeticOperation.number(counter.data()),
                counter.cas(),
                meta == null ? null : GetOperation.seconds(meta.ttl()));
    }

    /** The server takes it for an exptime: above 30 days it has to be a date. */
    private long threshold(Duration left) {
        return left.isZero() ? 0 : operations.exptime(Expiry.after(left));
    }

    private <R> Operation<R> write(Key key, Request.Meta request, MetaWriteOperation.Shape<R> shape) {
        return new MetaWriteOperation<>(key, request, shape, operations.scope());
    }

    private @Nullable Long exptime(@Nullable Expiry expiry) {
        return expiry == null ? null : operations.exptime(expiry);
    }

    /** The newest of what a command needs. */
    private static @Nullable ServerCapability needed(
            @Nullable Long newCas, boolean other, ServerCapability capability) {
        if (newCas == null) {
            return other ? capability : null;
        }
        return other && capability.since().isAtLeast(ServerCapability.EXPLICIT_CAS.since())
                ? capability
                : ServerCapability.EXPLICIT_CAS;
    }

    private <R> Call<R> submit(Operation<R> operation, @Nullable ServerCapability needed) {
        return needed == null ? engine.submit(operation) : GatedCall.submit(engine, operations, operation, needed);
    }
}
