package io.cachewire.ktor.server

import io.cachewire.MemcachedClient
import io.cachewire.MemcachedException
import io.cachewire.WriteFailures
import io.cachewire.get
import io.cachewire.getAndTouch
import io.cachewire.ktor.hashedKey
import io.cachewire.set
import io.ktor.server.sessions.SessionStorage
import java.util.NoSuchElementException
import kotlin.time.Duration

/** What a session is whose server does not answer. */
public enum class SessionFailures {
    /** Reading it throws what the client threw: the request fails, and the visitor keeps the session. The default. */
    THROW,

    /**
     * It reads as a session that has ended: the request goes on as that of an unknown visitor, and Ktor takes the session's cookie away, which logs
     * the visitor out.
     */
    ANONYMOUS,
}

/**
 * Sessions of a Ktor server in memcached, which all instances of the server share.
 *
 * A session lives for the ttl after its last write, and with [sliding] after its last read. memcached may evict it earlier, and loses all of them when it restarts: a visitor must then
 * log in again. What must not be lost belongs in a database.
 *
 * The id is the secret of its session. The key that is stored is a hash of it, so neither messages, logs nor the server's own tools show the id,
 * and an id that a visitor invents is no key that could do harm. Writes fail with an exception also where the client ignores failed writes.
 *
 * Safe for any number of coroutines.
 *
 * @param client stores the sessions
 * @param ttl above zero, rounded up to whole seconds
 * @param sliding whether reading a session gives it the whole ttl again
 * @param prefix what the keys begin with
 * @param onFailure what a session is whose server does not answer
 */
public class MemcachedSessionStorage(
    client: MemcachedClient,
    private val ttl: Duration,
    private val sliding: Boolean = true,
    private val prefix: String = "session:",
    private val onFailure: SessionFailures = SessionFailures.THROW,
) : SessionStorage {
    private val cache = client.withWriteFailures(WriteFailures.THROW)

    init {
        require(ttl.isPositive()) { "the ttl of sessions must be above zero, not $ttl" }
    }

    /**
     * The session.
     *
     * @throws NoSuchElementException when there is none, or its time is over
     * @throws MemcachedException when the server did not answer and [SessionFailures.THROW] was chosen
     */
    override suspend fun read(id: String): String {
        val found =
            try {
                if (sliding) cache.getAndTouch<String>(key(id), ttl) else cache.get<String>(key(id))
            } catch (e: MemcachedException) {
                if (onFailure == SessionFailures.THROW) throw e
                throw NoSuchElementException("the session's server did not answer", e)
            }
        return found ?: throw NoSuchElementException("there is no such session, or its time is over")
    }

    /** Stores the session for the whole ttl. */
    override suspend fun write(id: String, value: String) {
        cache.set(key(id), value, ttl)
    }

    /** Ends the session. One that there is not, or not any more, has ended already: as with Ktor's own storage in memory this is no failure. */
    override suspend fun invalidate(id: String) {
        cache.delete(key(id))
    }

    private fun key(id: String) = hashedKey(prefix, id)

    /** Names no session. */
    override fun toString(): String = "MemcachedSessionStorage($prefix, $ttl)"
}
