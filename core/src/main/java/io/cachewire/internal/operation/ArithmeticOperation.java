package io.cachewire.internal.operation;

import io.cachewire.DataBlock;
import io.cachewire.Key;
import io.cachewire.MemcachedException;
import io.cachewire.NotANumberException;
import io.cachewire.ServerAddress;
import io.cachewire.internal.protocol.Reply;
import io.cachewire.internal.protocol.Request;
import io.cachewire.observe.Outcome;
import org.jspecify.annotations.Nullable;

/** Increment and decrement: the new value as 64 bits to be read as unsigned, or null when the counter is absent. */
public final class ArithmeticOperation extends Operation<@Nullable Long> {
    ArithmeticOperation(Key key, Request.Arithmetic request, Scope scope) {
        super(key, request, scope);
    }

    @Override
    @Nullable
    Long onFailure(MemcachedException failure) {
        if (scope().ignores(failure)) {
            return null;
        }
        throw failure;
    }

    @Override
    @Nullable
    Long read(Reply reply, @Nullable ServerAddress server) {
        if (reply instanceof Reply.Number number) {
            return number.value();
        }
        if (reply instanceof Reply.Value value) {
            return parse(value.data(), server);
        }
        if (reply.kind() == Reply.Kind.NOT_FOUND || reply.kind() == Reply.Kind.END) {
            return null;
        }
        throw unexpected(reply, server);
    }

    static long number(DataBlock digits) {
        return Long.parseUnsignedLong(digits.toUtf8().trim());
    }

    /** memcached pads a number that became shorter with blanks, in some replies too. */
    private Long parse(DataBlock digits, @Nullable ServerAddress server) {
        try {
            return number(digits);
        } catch (NumberFormatException e) {
            throw new NotANumberException(server, key());
        }
    }

    @Override
    MemcachedException error(Reply.Line line, @Nullable ServerAddress server) {
        return line.isNotANumber() ? new NotANumberException(server, key()) : super.error(line, server);
    }

    @Override
    public Outcome outcome(Reply reply, @Nullable Object result) {
        return result == null ? Outcome.MISS : Outcome.HIT;
    }
}
