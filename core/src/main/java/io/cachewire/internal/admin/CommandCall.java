package io.cachewire.internal.admin;

import io.cachewire.MemcachedException;
import io.cachewire.MemcachedException.Delivery;
import io.cachewire.ProtocolException;
import io.cachewire.ServerAddress;
import io.cachewire.internal.call.Call;
import io.cachewire.internal.operation.LineSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The whole reply to a command on a connection of its own: it takes the lines as they come, bounded in number and bytes.
 *
 * @param <R> type of the result
 */
final class CommandCall<R extends @Nullable Object> extends Call<R> {
    private static final int MAX_LINES = 100_000;
    private static final long MAX_CHARACTERS = 16L << 20;

    private final ServerAddress server;
    private final LineSource source;
    private final Function<List<String>, R> answer;

    // one pull at a time, each happens before the next
    private final List<String> lines = new ArrayList<>();
    private long characters;

    /** @param answer makes the result of the lines, on the caller's thread; throws what the caller is to see */
    CommandCall(ServerAddress server, LineSource source, Function<List<String>, R> answer) {
        this.server = server;
        this.source = source;
        this.answer = answer;
    }

    CommandCall<R> start() {
        pull();
        return this;
    }

    private void pull() {
        Call<List<String>> next = source.next();
        next.onEnd(() -> {
            try {
                took(next);
            } catch (Throwable e) {
                broke(e);
                source.close();
            }
        });
    }

    private void took(Call<List<String>> batch) {
        List<String> more;
        try {
            more = batch.result();
        } catch (MemcachedException | CancellationException e) {
            // asked again for the result, it makes the exception anew, with the caller's stack trace
            end(batch);
            return;
        }
        if (more.isEmpty()) {
            end(lines);
            source.close();
            return;
        }
        lines.addAll(more);
        more.forEach(line -> characters += line.length());
        if (lines.size() > MAX_LINES || characters > MAX_CHARACTERS) {
            end(TOO_LONG);
            source.close();
        } else {
            pull();
        }
    }

    private static final Object TOO_LONG = "too long";

    @Override
    protected void withdraw() {
        source.close();
    }

    @Override
    protected R decode(Object ended) {
        if (ended instanceof Call<?> failed) {
            failed.result();
        }
        if (ended == TOO_LONG) {
            throw new ProtocolException(
                    "more than " + MAX_LINES + " lines or " + MAX_CHARACTERS + " characters",
                    Delivery.ANSWERED,
                    server,
                    null);
        }
        return answer.apply(lines);
    }
}
