package io.cachewire;

import io.cachewire.cluster.ClusterSettings;
import io.cachewire.cluster.FailurePolicy;
import io.cachewire.connection.Backoff;
import io.cachewire.connection.ConnectionSettings;
import io.cachewire.connection.LoginSettings;
import io.cachewire.connection.UndecodableLog;
import io.cachewire.operation.Scope;
import io.cachewire.protocol.BinaryDialect;
import io.cachewire.protocol.Dialect;
import io.cachewire.protocol.Limits;
import io.cachewire.protocol.MetaDialect;
import io.cachewire.protocol.TextDialect;
import io.cachewire.serde.SerdeChain;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The settings of a client as the parts below the faces want them: each part sees its own share and nothing else. */
final class EngineSettings {
    private EngineSettings() {}

    /** For the cluster and its connections. */
    static ClusterSettings cluster(ClientSettings client) {
        FailureMode mode = client.failureMode();
        FailurePolicy failures = new FailurePolicy(
                mode,
                client.failureLimit(),
                client.requestTimeout(),
                mode == FailureMode.GUTTER ? client.gutter() : null,
                client.retryPolicy(),
                InstantSource.system());
        return new ClusterSettings(
                client.servers(), client.locator(), client.connectionsPerServer(), connection(client), failures);
    }

    private static ConnectionSettings connection(ClientSettings client) {
        CredentialsProvider credentials = client.credentials();
        return new ConnectionSettings(
                dialect(client.protocol()),
                client.tls(),
                client.connectTimeout(),
                client.stallTimeout(),
                client.maxPendingRequests(),
                client.maxInFlight(),
                client.maxPendingBytes(),
                client.memoryBudget(),
                new Limits(client.maxValueBytes()),
                new Backoff(client.minBackoff(), client.maxBackoff()),
                credentials == null ? null : new LoginSettings(credentials, client.cleartextCredentials()));
    }

    /** Null to find out by the greeting. */
    private static @Nullable Dialect dialect(Protocol protocol) {
        return switch (protocol) {
            case AUTO -> null;
            case META -> new MetaDialect();
            case TEXT -> new TextDialect();
            case BINARY -> new BinaryDialect();
        };
    }

    /** For the operations. */
    static Scope scope(ClientSettings client) {
        int maxValueBytes = client.maxValueBytes();
        Scope scope = new Scope(
                new SerdeChain(client.serdes(), client.flagScheme(), client.compression(), maxValueBytes),
                new KeyPolicy(client.keyEncoding(), client.longKeys(), client.keyRewriting()),
                client.namespace(),
                client.namespaceRouting(),
                client.defaultExpiry(),
                client.requestTimeout().toNanos(),
                maxValueBytes,
                client.updateAttempts(),
                client.failureMode(),
                client.writeFailures(),
                new LongAdder(),
                InstantSource.system());
        return client.undecodable() == Undecodable.THROW ? scope : undecodable(scope, client.undecodable());
    }

    /** For a view with another setting for values that cannot be decoded. */
    static Scope undecodable(Scope scope, Undecodable mode) {
        return scope.withSerdes(scope.serdes()
                .withUndecodableAsMisses(mode == Undecodable.MISS ? new UndecodableLog(scope.wallClock()) : null));
    }
}
