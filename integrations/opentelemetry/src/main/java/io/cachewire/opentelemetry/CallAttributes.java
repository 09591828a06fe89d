package io.cachewire.opentelemetry;

import io.cachewire.ServerAddress;
import io.cachewire.observe.CallStart;
import io.cachewire.observe.Verb;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Attribute sets and names of spans, kept for each operation, server and failure, so that a call makes none. */
@SuppressWarnings("EnumOrdinal") // places in arrays of this process
final class CallAttributes {
    static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("db.system.name");
    static final AttributeKey<String> OPERATION = AttributeKey.stringKey("db.operation.name");
    static final AttributeKey<Long> BATCH_SIZE = AttributeKey.longKey("db.operation.batch.size");
    static final AttributeKey<String> QUERY_TEXT = AttributeKey.stringKey("db.query.text");
    static final AttributeKey<String> STATUS = AttributeKey.stringKey("db.response.status_code");
    static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("server.address");
    static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");
    static final AttributeKey<String> PEER_ADDRESS = AttributeKey.stringKey("network.peer.address");
    static final AttributeKey<Long> PEER_PORT = AttributeKey.longKey("network.peer.port");
    static final AttributeKey<Long> KEYS = AttributeKey.longKey("db.memcached.key_count");
    static final AttributeKey<Long> HITS = AttributeKey.longKey("db.memcached.hit_count");
    static final AttributeKey<Long> MISSES = AttributeKey.longKey("db.memcached.miss_count");

    /** More servers than any list has: of one that is not kept, the sets are made anew. */
    private static final int MAX_SERVERS = 1024;

    private static final int VERBS = Verb.values().length;

    private final ConcurrentHashMap<ServerAddress, OfServer> servers = new ConcurrentHashMap<>();
    private final OfServer none = new OfServer(null);

    OfServer of(@Nullable ServerAddress server) {
        if (server == null) {
            return none;
        }
        OfServer known = servers.get(server);
        if (known != null) {
            return known;
        }
        return servers.size() < MAX_SERVERS ? servers.computeIfAbsent(server, OfServer::new) : new OfServer(server);
    }

    /** The list of servers was changed. */
    void forget() {
        servers.clear();
    }

    /** Several writes in one call are a batch; several reads are one operation with several operands, as the conventions say of Redis' MGET. */
    static boolean isBatch(CallStart call) {
        return call.keyCount() > 1 && !isRead(call.verb());
    }

    static boolean isRead(Verb verb) {
        return switch (verb) {
            case GET, GETS, ITEM, GET_AND_TOUCH, META_GET -> true;
            default -> false;
        };
    }

    private static int operation(CallStart call) {
        return call.verb().ordinal() + (isBatch(call) ? VERBS : 0);
    }

    /** Of one server, or of none. */
    static final class OfServer {
        private static final String[] OPERATIONS = operations();

        private final @Nullable ServerAddress server;
        private final AtomicReferenceArray<@Nullable Attributes> sets =
                new AtomicReferenceArray<>(2 * VERBS * Failures.count());
        private final AtomicReferenceArray<@Nullable String> names = new AtomicReferenceArray<>(2 * VERBS);

        OfServer(@Nullable ServerAddress server) {
            this.server = server;
        }

        private static String[] operations() {
            String[] names = new String[2 * VERBS];
            for (Verb verb : Verb.values()) {
                String name = verb.name().toLowerCase(Locale.ROOT);
                names[verb.ordinal()] = name;
                names[VERBS + verb.ordinal()] = "BATCH " + name;
            }
            return names;
        }

        /** {@code get cache-1:11211}; without a server the operation alone. */
        String spanName(CallStart call) {
            int operation = operation(call);
            String name = names.get(operation);
            if (name == null) {
                name = server == null ? OPERATIONS[operation] : OPERATIONS[operation] + " " + server;
                names.set(operation, name);
            }
            return name;
        }

        /** What spans and the metric share. */
        Attributes attributes(CallStart call, int failure) {
            int operation = operation(call);
            int place = operation * Failures.count() + failure;
            Attributes set = sets.get(place);
            if (set == null) {
                set = make(OPERATIONS[operation], failure);
                sets.set(place, set);
            }
            return set;
        }

        private Attributes make(String operation, int failure) {
            AttributesBuilder all =
                    Attributes.builder().put(SYSTEM, "memcached").put(OPERATION, operation);
            if (server != null) {
                all.put(ADDRESS, server.host());
                if (!server.isUnix()) {
                    all.put(PORT, (long) server.port());
                }
            }
            if (failure != Failures.NONE) {
                all.put(ERROR, Failures.type(failure));
                if (Failures.isStatus(failure)) {
                    all.put(STATUS, Failures.type(failure));
                }
            }
            return all.build();
        }
    }
}
