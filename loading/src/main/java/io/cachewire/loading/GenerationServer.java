package io.cachewire.loading;

import io.cachewire.AsyncMemcachedClient;
import io.cachewire.CasValue;
import io.cachewire.ServerAddress;
import io.cachewire.ServerState;
import io.cachewire.ValueType;
import io.cachewire.WriteFailures;
import io.cachewire.observe.CallEnd;
import io.cachewire.observe.CallStart;
import io.cachewire.observe.ClientListener;
import io.cachewire.serde.Undecoded;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Commands to the item of a generation that only its own server may answer. Where the keys of a dead server move, an answer of another server
 * is a failure: processes that do not see the same server dead would hold two generations.
 */
final class GenerationServer {
    private static final ValueType<Undecoded<String>> AS_STORED = Undecoded.of(ValueType.of(String.class));

    private final AsyncMemcachedClient client;
    private final String key;
    private final boolean movesKeys;

    private List<ServerAddress> servers = List.of(); // guarded by this
    private @Nullable ServerAddress home; // guarded by this

    GenerationServer(AsyncMemcachedClient client, String key) {
        this.client = client.withWriteFailures(WriteFailures.THROW);
        this.key = key;
        this.movesKeys = client.settings().failureMode().movesKeys();
    }

    /** What is stored; null for nothing. */
    CompletableFuture<@Nullable CasValue<Undecoded<String>>> read() {
        return ask(names -> names.gets(key, AS_STORED));
    }

    <R extends @Nullable Object> CompletableFuture<R> ask(
            Function<AsyncMemcachedClient, CompletableFuture<R>> command) {
        if (!movesKeys) {
            return command.apply(client);
        }
        WhoAnswered answered = new WhoAnswered();
        boolean wereLive = areAllLive();
        return command.apply(client.withListener(answered))
                .thenCompose(result -> isHome(answered.server, wereLive)
                        ? CompletableFuture.completedFuture(result)
                        : CompletableFuture.failedFuture(new GenerationUnavailableException(key)));
    }

    private boolean areAllLive() {
        return client.cluster().servers().stream().noneMatch(GenerationServer::isDead);
    }

    private static boolean isDead(ServerState server) {
        return server.health() == ServerState.Health.DEAD;
    }

    /** While all servers are live, the one that answers is the item's own. */
    private synchronized boolean isHome(@Nullable ServerAddress answered, boolean wereLive) {
        List<ServerAddress> now =
                client.cluster().servers().stream().map(ServerState::address).toList();
        if (!now.equals(servers)) {
            servers = now;
            home = null;
        }
        if (wereLive && areAllLive()) {
            home = answered;
        }
        return answered != null && answered.equals(home);
    }

    private static final class WhoAnswered implements ClientListener {
        private volatile @Nullable ServerAddress server;

        @Override
        public void callEnded(CallStart call, CallEnd end, @Nullable Object started) {
            server = end.server();
        }
    }
}
