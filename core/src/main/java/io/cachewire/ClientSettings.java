package io.cachewire;

import io.cachewire.observe.ClientListener;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.serde.Compression;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Serde;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a client is set up; what each setting means, its range and its default stand at {@link ClientBuilder}.
 *
 * @param servers the servers, in the order of the ring's preset
 * @param locator maps keys to servers
 * @param tls how connections are protected, or null when they are not
 * @param protocol the dialect
 * @param credentials asked for the login of each new connection, or null for none
 * @param cleartextCredentials whether a password may go over a network in clear
 * @param connectionsPerServer connections to each server
 * @param interop the preset that set places, flags, value formats and keys, as far as no setting was changed after it; null for none
 * @param serdes in the order in which they are asked
 * @param flagScheme meaning of the flags that the raw serde and compression use
 * @param compression applied to values on writing
 * @param keyEncoding which characters keys may have
 * @param longKeys what becomes of keys that are too long
 * @param keyRewriting how keys change before they are sent
 * @param namespace put in front of every key
 * @param namespaceRouting whether the namespace is hashed
 * @param defaultExpiry for writes that name none
 * @param requestTimeout total time of a call
 * @param connectTimeout for an attempt to connect
 * @param stallTimeout after which a silent connection with due replies is closed
 * @param minBackoff the wait after the first failed attempt to connect
 * @param maxBackoff the longest wait between attempts
 * @param maxPendingRequests bound per connection
 * @param maxInFlight requests that one connection sends before the first of them is answered
 * @param maxPendingBytes bound per connection
 * @param memoryBudget bound on what all connections hold together beyond small allowances
 * @param maxValueBytes the longest data block, both ways
 * @param updateAttempts conflicts in a row after which an update gives up
 * @param failureMode what becomes of calls whose server is out of use
 * @param undecodable what becomes of reads whose value cannot be decoded
 * @param writeFailures what becomes of writes that could not be sent
 * @param failureLimit failures in a row that make a server dead
 * @param gutter the pool for the keys of dead servers, or null without one
 * @param retryPolicy which calls without an answer are sent again
 * @param callbackExecutor where the futures of the async face are completed
 * @param listeners told of every call
 */
public record ClientSettings(
        List<ServerAddress> servers,
        LocatorFactory locator,
        @Nullable Tls tls,
        Protocol protocol,
        @Nullable CredentialsProvider credentials,
        CleartextCredentials cleartextCredentials,
        int connectionsPerServer,
        @Nullable ClientPreset interop,
        List<Serde> serdes,
        FlagScheme flagScheme,
        Compression compression,
        KeyEncoding keyEncoding,
        LongKeys longKeys,
        KeyRewriting keyRewriting,
        String namespace,
        NamespaceRouting namespaceRouting,
        Expiry defaultExpiry,
        Duration requestTimeout,
        Duration connectTimeout,
        Duration stallTimeout,
        Duration minBackoff,
        Duration maxBackoff,
        int maxPendingRequests,
        int maxInFlight,
        long maxPendingBytes,
        long memoryBudget,
        int maxValueBytes,
        int updateAttempts,
        FailureMode failureMode,
        Undecodable undecodable,
        WriteFailures writeFailures,
        int failureLimit,
        @Nullable Gutter gutter,
        RetryPolicy retryPolicy,
        Executor callbackExecutor,
        List<ClientListener> listeners) {
    /** Every setting in a form for people; of what is code of the user's only the class, and of a login nothing. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("ClientSettings[");
        for (RecordComponent component : ClientSettings.class.getRecordComponents()) {
            text.append(text.charAt(text.length() - 1) == '[' ? "" : ", ")
                    .append(component.getName())
                    .append('=')
                    .append(shown(component));
        }
        return text.append(']').toString();
    }

    private String shown(RecordComponent component) {
        try {
            Object value = component.getAccessor().invoke(this);
            if (value == null) {
                return "none";
            }
            return component.getName().equals("credentials") ? "set" : shown(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String shown(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(ClientSettings::shown).toList().toString();
        }
        String text = value.toString();
        boolean hasNoText = text.endsWith("@" + Integer.toHexString(System.identityHashCode(value)))
                || text.endsWith("@" + Integer.toHexString(value.hashCode()));
        if (!hasNoText && !(value instanceof Executor)) {
            return text;
        }
        Class<?> type = value.getClass();
        return type.isHidden() || type.isSynthetic() || type.getSimpleName().isEmpty()
                ? "a lambda"
                : type.getSimpleName();
    }
}
