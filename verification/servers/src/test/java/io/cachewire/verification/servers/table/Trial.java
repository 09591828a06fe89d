package io.cachewire.verification.servers.table;

import io.cachewire.MemcachedClient;
import io.cachewire.Protocol;
import io.cachewire.verification.servers.table.Outcome.Fault;
import io.cachewire.verification.servers.table.Outcome.Right;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One client on one server in one dialect: all operations, each through the three faces, with another caller's {@code
 * get} before and behind each. The faces share the client's connections.
 */
final class Trial {
    static final String BYSTANDER = "bystander";
    static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Longer than all that one row may wait for. */
    private static final long BOUND_SECONDS = 60;

    /** What one operation did in one dialect: its outcome in each face, and how often it broke what others shared. */
    record Cell(Map<String, Outcome> faces, long broken) {}

    private final Target target;
    private final Protocol protocol;
    private int tries;

    Trial(Target target, Protocol protocol) {
        this.target = target;
        this.protocol = protocol;
    }

    Map<String, Cell> run() throws IOException {
        Map<String, Cell> cells = new LinkedHashMap<>();
        ExecutorService caller = Executors.newCachedThreadPool(run -> {
            Thread thread = new Thread(run, target.name() + " " + protocol);
            thread.setDaemon(true);
            return thread;
        });
        try (MemcachedClient client = SuspendFaceKt.clientOf(target.address(), protocol, TIMEOUT);
                Raw raw = target.raw(protocol)) {
            List<Face> faces =
                    List.of(new SuspendFace(client), JavaFace.of(client.blocking()), JavaFace.of(client.async()));
            for (Map.Entry<String, Operations.Row> row : Operations.all().entrySet()) {
                cells.put(row.getKey(), cell(row.getValue(), faces, raw, caller));
            }
        } finally {
            caller.shutdownNow();
        }
        return cells;
    }

    private Cell cell(Operations.Row row, List<Face> faces, Raw raw, ExecutorService caller) {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        int hangUps = target.hangUps();
        for (Face face : faces) {
            tries++;
            Attempt attempt = new Attempt(
                    face, raw, Operations.server(target.address()), "p" + protocol.ordinal() + "t" + tries + "-");
            List<Outcome> ends = new ArrayList<>();
            for (Operations.Row step : List.<Operations.Row>of(Trial::bystand, row, Trial::bystand)) {
                ends.add(bounded(step, attempt, caller));
            }
            boolean othersServed = Outcome.alike(ends.get(0), ends.get(2)) && !(ends.get(0) instanceof Fault);
            outcomes.put(
                    face.name(), othersServed ? ends.get(1) : new Fault("others: " + ends.get(0) + ", then " + ends));
        }
        return new Cell(outcomes, target.brokenSince(hangUps));
    }

    private static void bystand(Attempt attempt) throws Exception {
        attempt.raw().set(BYSTANDER, "here");
        Object found = attempt.call("get", BYSTANDER, String.class);
        if (!"here".equals(found)) {
            throw new AssertionError("the bystander read " + found);
        }
    }

    private static Outcome bounded(Operations.Row row, Attempt attempt, ExecutorService caller) {
        Future<?> call = caller.submit(() -> {
            row.tryIt(attempt);
            return null;
        });
        try {
            call.get(BOUND_SECONDS, TimeUnit.SECONDS);
            return new Right();
        } catch (ExecutionException e) {
            return Outcome.of(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            call.cancel(true);
            return new Fault("hangs");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Fault("interrupted");
        }
    }
}
