package io.cachewire;

import io.cachewire.observe.ClientListener;
import io.cachewire.routing.LocatorFactory;
import io.cachewire.serde.Compression;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Serde;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a client is set up; what each setting means, its range and its default stand at {@link ClientBuilder}. Immutable; equal when every setting
 * is.
 */
public final class ClientSettings {
    /** By {@link Setting#index}. */
    private final Object[] values;

    private ClientSettings(Object[] values) {
        this.values = values;
    }

    /** Every setting as it is when nobody changes it. */
    static ClientSettings initial() {
        List<Setting<?>> all = Setting.all();
        Object[] values = new @Nullable Object[all.size()];
        for (Setting<?> setting : all) {
            values[setting.index()] = setting.initial();
        }
        return new ClientSettings(values);
    }

    <T> ClientSettings with(Setting<T> setting, T value) {
        Object[] changed = values.clone();
        changed[setting.index()] = value;
        return new ClientSettings(changed);
    }

    /** Each value has the type of its setting, because only {@link #with} and {@link #initial} put one there. */
    @SuppressWarnings("unchecked")
    <T> T get(Setting<T> setting) {
        return (T) values[setting.index()];
    }

    /**
     * The settings that differ from their defaults, by name, in the form that {@link ClientBuilder#settings(Map)} reads: no password, and nothing
     * that has no form as text (serdes, flag schemes, presets, key rewriting, executors, listeners, and locators, retry policies and providers
     * of credentials that do not come with the client). TLS of any kind is {@code true}.
     */
    public Map<String, String> toTexts() {
        return SettingTexts.of(this);
    }

    /** The same as one text that {@link ClientBuilder#connectionString} reads; with the user, without the password. */
    public String toConnectionString() {
        return ConnectionString.of(toTexts());
    }

    /** The servers, in the order of the ring's preset. */
    public List<ServerAddress> servers() {
        return get(Setting.SERVERS);
    }

    /** Maps keys to servers. */
    public LocatorFactory locator() {
        return get(Setting.LOCATOR);
    }

    /** How connections are protected, or null when they are not. */
    public @Nullable Tls tls() {
        return get(Setting.TLS).orElse(null);
    }

    /** The dialect. */
    public Protocol protocol() {
        return get(Setting.PROTOCOL);
    }

    /** Asked for the login of each new connection, or null for none. */
    public @Nullable CredentialsProvider credentials() {
        return get(Setting.CREDENTIALS).orElse(null);
    }

    /** Whether a password may go over a network in clear. */
    public CleartextCredentials cleartextCredentials() {
        return get(Setting.CLEARTEXT_CREDENTIALS);
    }

    /** Connections to each server. */
    public int connectionsPerServer() {
        return get(Setting.CONNECTIONS_PER_SERVER);
    }

    /** The preset that set places, flags, value formats and keys, as far as no setting was changed after it; null for none. */
    public @Nullable ClientPreset interop() {
        return get(Setting.INTEROP).orElse(null);
    }

    /** In the order in which they are asked. */
    public List<Serde> serdes() {
        return get(Setting.SERDES);
    }

    /** Meaning of the flags that the raw serde and compression use. */
    public FlagScheme flagScheme() {
        return get(Setting.FLAG_SCHEME);
    }

    /** Applied to values on writing. */
    public Compression compression() {
        return get(Setting.COMPRESSION);
    }

    /** Which characters keys may have. */
    public KeyEncoding keyEncoding() {
        return get(Setting.KEY_ENCODING);
    }

    /** What becomes of keys that are too long. */
    public LongKeys longKeys() {
        return get(Setting.LONG_KEYS);
    }

    /** How keys change before they are sent. */
    public KeyRewriting keyRewriting() {
        return get(Setting.KEY_REWRITING);
    }

    /** Put in front of every key. */
    public String namespace() {
        return get(Setting.NAMESPACE);
    }

    /** Whether the namespace is hashed. */
    public NamespaceRouting namespaceRouting() {
        return get(Setting.NAMESPACE_ROUTING);
    }

    /** For writes that name none. */
    public Expiry defaultExpiry() {
        return get(Setting.DEFAULT_EXPIRY);
    }

    /** Total time of a call. */
    public Duration requestTimeout() {
        return get(Setting.REQUEST_TIMEOUT);
    }

    /** For an attempt to connect. */
    public Duration connectTimeout() {
        return get(Setting.CONNECT_TIMEOUT);
    }

    /** After which a silent connection with due replies is closed. */
    public Duration stallTimeout() {
        return get(Setting.STALL_TIMEOUT);
    }

    /** The wait after the first failed attempt to connect. */
    public Duration minBackoff() {
        return get(Setting.BACKOFF).first();
    }

    /** The longest wait between attempts. */
    public Duration maxBackoff() {
        return get(Setting.BACKOFF).longest();
    }

    /** Bound per connection. */
    public int maxPendingRequests() {
        return get(Setting.MAX_PENDING_REQUESTS);
    }

    /** Requests that one connection sends before the first of them is answered. */
    public int maxInFlight() {
        return get(Setting.MAX_IN_FLIGHT);
    }

    /** Bound per connection. */
    public long maxPendingBytes() {
        return get(Setting.MAX_PENDING_BYTES);
    }

    /** Bound on what all connections hold together beyond small allowances. */
    public long memoryBudget() {
        return get(Setting.MEMORY_BUDGET);
    }

    /** The longest data block, both ways. */
    public int maxValueBytes() {
        return get(Setting.MAX_VALUE_BYTES);
    }

    /** Conflicts in a row after which an update gives up. */
    public int updateAttempts() {
        return get(Setting.UPDATE_ATTEMPTS);
    }

    /** What becomes of calls whose server is out of use. */
    public FailureMode failureMode() {
        return get(Setting.FAILURE_MODE);
    }

    /** What becomes of reads whose value cannot be decoded. */
    public Undecodable undecodable() {
        return get(Setting.UNDECODABLE);
    }

    /** What becomes of writes that could not be sent. */
    public WriteFailures writeFailures() {
        return get(Setting.WRITE_FAILURES);
    }

    /** Failures in a row that make a server dead. */
    public int failureLimit() {
        return get(Setting.FAILURE_LIMIT);
    }

    /** The pool for the keys of dead servers, or null without one. */
    public @Nullable Gutter gutter() {
        return get(Setting.GUTTER).orElse(null);
    }

    /** Which calls without an answer are sent again. */
    public RetryPolicy retryPolicy() {
        return get(Setting.RETRY_POLICY);
    }

    /** Where the futures of the async face are completed. */
    public Executor callbackExecutor() {
        return get(Setting.CALLBACK_EXECUTOR);
    }

    /** Told of every call. */
    public List<ClientListener> listeners() {
        return get(Setting.LISTENERS);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClientSettings that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    /** Every setting in a form for people; of what is code of the user's only the class, and of a login nothing. */
    @Override
    public String toString() {
        return Setting.all().stream()
                .map(setting -> setting.name() + "=" + shown(setting))
                .collect(Collectors.joining(", ", "ClientSettings[", "]"));
    }

    private String shown(Setting<?> setting) {
        Object value = get(setting);
        if (value instanceof Optional<?> optional) {
            return optional.isEmpty() ? "none" : setting == Setting.CREDENTIALS ? "set" : shown(optional.get());
        }
        return shown(value);
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
