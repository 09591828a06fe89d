package io.cachewire.verification.consumers;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.BlockingMemcachedClient;
import io.cachewire.ClientBrokenException;
import io.cachewire.Expiry;
import io.cachewire.MemcachedException;
import io.cachewire.MultiResults;
import io.cachewire.PartialResultException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program on a class path on which the client cannot work: every call must end at once and say which library is wrong, and close must leave
 * nothing. The system property {@code consumers.needs} is the library that messages must name, or {@code library:needed:found}.
 */
public final class BelowFloor {
    /** Of the client; a call that waits for one of its time-outs hangs here. */
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    /** At once, on a loaded machine. */
    private static final Duration AT_ONCE = Duration.ofSeconds(20);

    private static final Duration PROGRAM_LIMIT = Duration.ofMinutes(2);
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final int CALLERS = 3;
    private static final Pattern NEEDS = Pattern.compile("needs \\S+ (\\S+) or later, found (\\S+)");

    private final String named;

    private BelowFloor(String needs) {
        String[] parts = needs.split(":", -1);
        named = parts.length < 3 ? needs : "needs " + parts[0] + " " + parts[1] + " or later, found " + parts[2];
    }

    /** The JVM ends with status 0 only when all is as it must be and no thread keeps it alive. */
    public static void main(String[] args) {
        Limit.ofProgram(PROGRAM_LIMIT);
        try {
            new BelowFloor(System.getProperty("consumers.needs", "no property consumers.needs")).check();
        } catch (Throwable failure) {
            Limit.end("the checks failed", failure);
        }
    }

    private void check() throws Exception {
        Platform.check(System.getProperty("consumers.expected", ""));
        try (MemcachedServer server = MemcachedServer.start()) {
            Leftovers before = Leftovers.now();
            Optional<BlockingMemcachedClient> cache = client(server.address());
            if (cache.isPresent()) {
                endsEveryCall(calls(cache.get()));
                Limit.of(AT_ONCE, "close", () -> {
                    cache.get().close();
                    return true;
                });
            }
            before.requireNothingNew(AT_ONCE);
        }
        System.out.println("consumer: all checks passed");
    }

    /** Empty where a client cannot even be made, which is the first call that must say why. */
    private Optional<BlockingMemcachedClient> client(String server) {
        try {
            return Optional.of(BlockingMemcachedClient.builder(server)
                    .requestTimeout(TIMEOUT)
                    .connectTimeout(TIMEOUT)
                    .build());
        } catch (RuntimeException | Error e) {
            requireName("build", e);
            return Optional.empty();
        }
    }

    private void endsEveryCall(Map<String, Callable<?>> calls) throws Exception {
        // the first calls wait when the client meets what is missing
        List<FutureTask<Void>> first = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            calls.forEach((what, call) -> first.add(started(what, call)));
        }
        for (Future<Void> each : first) {
            ended(each);
        }
        for (Map.Entry<String, Callable<?>> call : calls.entrySet()) {
            endsByName(call.getKey() + ", later", call.getValue());
        }
        System.out.println(
                "consumer: " + first.size() + " first calls and " + calls.size() + " later ones have ended by name");
    }

    /** Each kind of call, through the blocking and the async face. */
    private static Map<String, Callable<?>> calls(BlockingMemcachedClient cache) {
        AsyncMemcachedClient async = cache.async();
        List<String> keys = List.of("a", "b");
        Map<String, String> values = Map.of("a", "1", "b", "2");
        Map<String, Callable<?>> calls = new LinkedHashMap<>();
        calls.put("get", () -> cache.get("k", String.class));
        calls.put("set", () -> {
            cache.set("k", "v", TTL);
            return "stored";
        });
        calls.put("delete", () -> cache.delete("k"));
        calls.put("increment", () -> cache.increment("n", 1));
        calls.put("getAll", () -> cache.getAll(keys, String.class));
        calls.put("version", cache::version);
        calls.put("async get", () -> async.get("k", String.class).get());
        calls.put("async set", () -> async.set("k", "v", TTL).get());
        calls.put("async delete", () -> async.delete("k").get());
        calls.put("async increment", () -> async.increment("n", 1).get());
        calls.put("async getAll", () -> async.getAll(keys, String.class).get());
        calls.put(
                "async setAllResults",
                () -> firstFailure(
                        async.setAllResults(values, Expiry.after(TTL)).get()));
        return calls;
    }

    private static Object firstFailure(MultiResults<?> results) {
        for (MemcachedException failure : results.failed().values()) {
            throw failure;
        }
        return results;
    }

    private FutureTask<Void> started(String what, Callable<?> call) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            endsByName(what, call);
            return null;
        });
        Thread thread = new Thread(task, "consumer-caller");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static void ended(Future<Void> caller) throws Exception {
        try {
            caller.get(2 * AT_ONCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("a caller of the first calls", e.getCause());
        }
    }

    private void endsByName(String what, Callable<?> call) throws Exception {
        Object value;
        try {
            value = Limit.of(AT_ONCE, what, call);
        } catch (Exception | Error e) {
            requireName(what, e);
            return;
        }
        throw new AssertionError(what + " gave " + value + " on a class path on which the client cannot work");
    }

    private void requireName(String what, Throwable failure) {
        Throwable whole = unwrapped(failure);
        String message = String.valueOf(whole.getMessage());
        Matcher wanted = NEEDS.matcher(message);
        boolean contradictsItself = wanted.find() && wanted.group(1).equals(wanted.group(2));
        boolean isNamed = whole instanceof ClientBrokenException
                && whole.getCause() instanceof LinkageError
                && message.contains(named)
                && !contradictsItself;
        if (!isNamed) {
            throw new AssertionError(
                    what + " must end by a ClientBrokenException that says \"" + named + "\"", failure);
        }
    }

    /** What a future or a call over many keys wraps. */
    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean isWrapped = failure instanceof ExecutionException || failure instanceof PartialResultException;
        return isWrapped && cause != null ? unwrapped(cause) : failure;
    }
}
