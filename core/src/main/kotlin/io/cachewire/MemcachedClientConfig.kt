package io.cachewire

import io.cachewire.observe.ClientListener
import io.cachewire.routing.LocatorFactory
import io.cachewire.serde.Compression
import io.cachewire.serde.FlagScheme
import io.cachewire.serde.Serde
import java.util.concurrent.Executor
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlin.time.toKotlinDuration

/**
 * The settings of a client as Kotlin properties, over a [ClientBuilder], which says what each means, its range and its default.
 */
public class MemcachedClientConfig internal constructor(
    private val builder: ClientBuilder<MemcachedClient>,
) {
    private val now: ClientSettings get() = builder.settings()

    /** The servers. */
    public var servers: List<ServerAddress>
        get() = now.servers()
        set(value) {
            builder.servers(value)
        }

    /** The servers, as [ClientBuilder.servers] reads them: `servers("a:11211", "b:11211" weight 2)`. */
    public fun servers(vararg addresses: String) {
        builder.servers(*addresses)
    }

    /** Sets each setting that is named, from a text, as [ClientBuilder.settings] reads it. */
    public fun settings(texts: Map<String, String>) {
        builder.settings(texts)
    }

    /** Sets what a connection string says, as [ClientBuilder.connectionString] reads it. */
    public fun connectionString(text: String) {
        builder.connectionString(text)
    }

    /** Sets what the variables say whose names begin with `CACHEWIRE_`, as [ClientBuilder.environment] reads them. */
    public fun environment(variables: Map<String, String> = System.getenv()) {
        builder.environment(variables)
    }

    /** TLS for every connection; null for none, which is the default. */
    public var tls: Tls?
        get() = now.tls()
        set(value) {
            builder.tlsOrNone(value)
        }

    /**
     * The serde for values that the raw serde does not take. It reads as null when there is none or more than one; null takes one away, and
     * leaves several, which [serdes] changes.
     */
    public var serde: Serde?
        get() = now.serdes().singleOrNull()
        set(value) {
            if (value != null || now.serdes().size == 1) builder.serdes(listOfNotNull(value))
        }

    /** The serdes, in the order in which they are asked. */
    public var serdes: List<Serde>
        get() = now.serdes()
        set(value) {
            builder.serdes(value)
        }

    /** Which server a key lives on. */
    public var locator: LocatorFactory
        get() = now.locator()
        set(value) {
            builder.locator(value)
        }

    /** The dialect. */
    public var protocol: Protocol
        get() = now.protocol()
        set(value) {
            builder.protocol(value)
        }

    /** The login to every server, asked for on each new connection; null for none. */
    public var credentials: CredentialsProvider?
        get() = now.credentials()
        set(value) {
            builder.credentials(value)
        }

    /** Whether a password may go over a network in clear. */
    public var cleartextCredentials: CleartextCredentials
        get() = now.cleartextCredentials()
        set(value) {
            builder.cleartextCredentials(value)
        }

    /** Connections to each server. */
    public var connectionsPerServer: Int
        get() = now.connectionsPerServer()
        set(value) {
            builder.connectionsPerServer(value)
        }

    /** The meaning of flags. */
    public var flagScheme: FlagScheme
        get() = now.flagScheme()
        set(value) {
            builder.flagScheme(value)
        }

    /** Compression on writing. */
    public var compression: Compression
        get() = now.compression()
        set(value) {
            builder.compression(value)
        }

    /** Which characters keys may have. */
    public var keyEncoding: KeyEncoding
        get() = now.keyEncoding()
        set(value) {
            builder.keyEncoding(value)
        }

    /** What becomes of keys that are too long. */
    public var longKeys: LongKeys
        get() = now.longKeys()
        set(value) {
            builder.longKeys(value)
        }

    /** How keys change before they are sent. */
    public var keyRewriting: KeyRewriting
        get() = now.keyRewriting()
        set(value) {
            builder.keyRewriting(value)
        }

    /** A prefix for every key. */
    public var namespace: String
        get() = now.namespace()
        set(value) {
            builder.namespace(value)
        }

    /** Whether the namespace is hashed along with the key. */
    public var namespaceRouting: NamespaceRouting
        get() = now.namespaceRouting()
        set(value) {
            builder.namespaceRouting(value)
        }

    /** Places, flags, value formats and keys as another client has them; what is set after it overrides it. */
    public var interop: ClientPreset?
        get() = now.interop()
        set(value) {
            // the one that is chosen already must not override what was set after it
            if (value != null && value != interop) builder.interop(value)
        }

    /** The time to live of writes that name none; null for never. It reads as null, and null changes nothing, when [defaultExpiry] is an instant. */
    public var defaultTtl: Duration?
        get() = now.defaultExpiry().timeToLive()?.toKotlinDuration()
        set(value) {
            if (value != null || defaultTtl != null) builder.defaultExpiry(expiryOf(value) ?: Expiry.never())
        }

    /** The expiry of writes that name none, of any kind. */
    public var defaultExpiry: Expiry
        get() = now.defaultExpiry()
        set(value) {
            builder.defaultExpiry(value)
        }

    /** The total time of a call. */
    public var requestTimeout: Duration
        get() = now.requestTimeout().toKotlinDuration()
        set(value) {
            builder.requestTimeout(value.toJavaDuration())
        }

    /** The time for resolving, connecting and greeting. */
    public var connectTimeout: Duration
        get() = now.connectTimeout().toKotlinDuration()
        set(value) {
            builder.connectTimeout(value.toJavaDuration())
        }

    /** A connection that owes replies and has been silent for so long is closed. */
    public var stallTimeout: Duration
        get() = now.stallTimeout().toKotlinDuration()
        set(value) {
            builder.stallTimeout(value.toJavaDuration())
        }

    /** The waits between attempts to connect. */
    public fun backoff(first: Duration, longest: Duration) {
        builder.backoff(first.toJavaDuration(), longest.toJavaDuration())
    }

    /** Requests that one connection may have pending. */
    public var maxPendingRequests: Int
        get() = now.maxPendingRequests()
        set(value) {
            builder.maxPendingRequests(value)
        }

    /** Requests that one connection may have on their way to the server at once; the others wait. */
    public var maxInFlight: Int
        get() = now.maxInFlight()
        set(value) {
            builder.maxInFlight(value)
        }

    /** Bytes that one connection may have pending. */
    public var maxPendingBytes: Long
        get() = now.maxPendingBytes()
        set(value) {
            builder.maxPendingBytes(value)
        }

    /** Bytes that all connections together may hold of values on their way out and of replies in part. */
    public var memoryBudget: Long
        get() = now.memoryBudget()
        set(value) {
            builder.memoryBudget(value)
        }

    /** The longest data block. */
    public var maxValueBytes: Int
        get() = now.maxValueBytes()
        set(value) {
            builder.maxValueBytes(value)
        }

    /** So many conflicts in a row end an `update`. */
    public var updateAttempts: Int
        get() = now.updateAttempts()
        set(value) {
            builder.updateAttempts(value)
        }

    /** What becomes of calls whose server is out of use. */
    public var failureMode: FailureMode
        get() = now.failureMode()
        set(value) {
            builder.failureMode(value)
        }

    /** What becomes of a read whose value cannot be decoded, as after a change of its class. Default: [Undecodable.THROW]. */
    public var undecodable: Undecodable
        get() = now.undecodable()
        set(value) {
            builder.undecodable(value)
        }

    /** What becomes of writes that could not be sent because their server is unavailable. */
    public var writeFailures: WriteFailures
        get() = now.writeFailures()
        set(value) {
            builder.writeFailures(value)
        }

    /** So many failures in a row make a server dead. */
    public var failureLimit: Int
        get() = now.failureLimit()
        set(value) {
            builder.failureLimit(value)
        }

    /** Chooses [FailureMode.GUTTER] with this pool; nothing is stored there for longer than [longestTtl]. */
    public fun gutter(servers: List<ServerAddress>, longestTtl: Duration) {
        builder.gutter(Gutter(servers, longestTtl.toJavaDuration()))
    }

    /** Which calls without an answer are sent again. */
    public var retryPolicy: RetryPolicy
        get() = now.retryPolicy()
        set(value) {
            builder.retryPolicy(value)
        }

    /** Where the futures of [MemcachedClient.async] are completed. */
    public var callbackExecutor: Executor
        get() = now.callbackExecutor()
        set(value) {
            builder.callbackExecutor(value)
        }

    /** The listeners, told of every call in this order. */
    public var listeners: List<ClientListener>
        get() = now.listeners()
        set(value) {
            builder.listeners(value)
        }

    /** One more listener, told of every call behind the others. */
    public fun listener(listener: ClientListener) {
        builder.listener(listener)
    }
}
