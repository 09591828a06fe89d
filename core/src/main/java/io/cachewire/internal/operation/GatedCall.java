package io.cachewire.internal.operation;

import io.cachewire.MemcachedException;
import io.cachewire.ServerAddress;
import io.cachewire.ServerCapability;
import io.cachewire.ServerVersion;
import io.cachewire.UnsupportedByServerException;
import io.cachewire.internal.call.Call;
import io.cachewire.internal.protocol.Reply;
import org.jspecify.annotations.Nullable;

/**
 * An operation that not every server knows: its server is asked for its version first, unless a version is known that has it.
 *
 * @param <R> type of the result
 */
final class GatedCall<R> extends Call<R> implements Traced {
    private final Engine engine;
    private final Operation<R> operation;
    private final ServerCapability needed;
    private final ServerAddress server;
    private volatile @Nullable Call<?> current;

    /** The server is too old. */
    private record TooOld(ServerVersion version) {}

    private GatedCall(Engine engine, Operation<R> operation, ServerCapability needed, ServerAddress server) {
        this.engine = engine;
        this.operation = operation;
        this.needed = needed;
        this.server = server;
    }

    static <R> Call<R> submit(Engine engine, Operations operations, Operation<R> operation, ServerCapability needed) {
        return engine.submit(operation, below -> submitTo(below, operations, operation, needed));
    }

    private static <R> Call<R> submitTo(
            Engine engine, Operations operations, Operation<R> operation, ServerCapability needed) {
        ServerAddress server = engine.serverOf(operation);
        if (engine.versions().hasFor(server, needed)) {
            return engine.submit(operation);
        }
        GatedCall<R> call = new GatedCall<>(engine, operation, needed, server);
        Call<String> question = engine.submitTo(server, operations.version());
        call.current = question;
        question.onEnd(() -> {
            try {
                call.answered(question);
            } catch (Throwable e) {
                call.broke(e);
            }
        });
        return call;
    }

    private void answered(Call<String> question) {
        if (isDone()) {
            return;
        }
        ServerVersion version;
        try {
            version = ServerVersion.ofMemcached(question.result());
        } catch (RuntimeException e) {
            // the caller makes it anew from the question
            end(question);
            return;
        }
        if (version != null) {
            engine.versions().learn(server, version);
            if (!needed.isIn(version)) {
                end(new TooOld(version));
                return;
            }
        }
        // what says no version of memcached refuses by itself what it lacks
        Call<R> next = engine.submit(operation);
        current = next;
        next.onEnd(() -> end(next));
        if (isDone()) {
            next.cancel();
        }
    }

    @Override
    protected void withdraw() {
        Call<?> pending = current;
        if (pending != null) {
            pending.cancel();
        }
    }

    @Override
    public @Nullable Reply reply() {
        return outcome() instanceof OperationCall<?> last && last.operation() == operation ? last.reply() : null;
    }

    /** The question's failure is the call's, and is thrown with the result. */
    @Override
    public @Nullable MemcachedException failure() {
        return outcome() instanceof Traced last ? last.failure() : null;
    }

    @Override
    public ServerAddress server() {
        return server;
    }

    @Override
    public int attempts() {
        return current instanceof Traced last ? last.attempts() : 1;
    }

    @Override
    @SuppressWarnings("unchecked") // what ends it without a failure is the call of the operation
    protected R decode(Object ended) {
        if (ended instanceof TooOld old) {
            throw new UnsupportedByServerException(needed, old.version(), server, operation.key());
        }
        return ((Call<R>) ended).result();
    }
}
