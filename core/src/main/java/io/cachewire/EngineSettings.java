package io.cachewire;

import io.cachewire.internal.cluster.ClusterSettings;
import io.cachewire.internal.cluster.FailurePolicy;
import io.cachewire.internal.connection.Backoff;
import io.cachewire.internal.connection.ConnectionSettings;
import io.cachewire.internal.connection.LoginSettings;
import io.cachewire.internal.connection.UndecodableLog;
import io.cachewire.internal.operation.Scope;
import io.cachewire.internal.protocol.Dialect;
import io.cachewire.internal.protocol.Limits;
import io.cachewire.internal.protocol.binary.BinaryDialect;
import io.cachewire.internal.protocol.line.MetaDialect;
import io.cachewire.internal.protocol.line.TextDialect;
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
