package io.cachewire.micrometer;

import io.cachewire.ClusterView;
import io.cachewire.ServerAddress;
import io.cachewire.ServerLoad;
import io.cachewire.ServerState;
import io.cachewire.observe.CallEnd;
import io.cachewire.observe.CallStart;
import io.cachewire.observe.ClientEvent;
import io.cachewire.observe.ClientListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of a client: {@link MemcachedMeter} names them. To be set as a listener of the client, or of several. How many meters there are is bounded by the list of
 * servers: neither keys nor namespaces are tags, and the meters of a server end when it leaves the list or the client is closed.
 *
 * <p>On a view it times calls as well, but does not know the servers: they are called {@code other}.
 */
public final class MicrometerListener implements ClientListener {
    private final Builder settings;
    private final Counter retries;

    /** Those that are open, by identity. */
    private final Set<ClusterView> clients = ConcurrentHashMap.newKeySet();

    private final Load load = new Load(clients);

    /** Read by each call. An address with an old weight is not in it. */
    private final ConcurrentHashMap<ServerAddress, ServerMeters> known = new ConcurrentHashMap<>();

    /** Calls without a server, or with one that is on no list; and without {@code serverTag} all calls. */
    private final ServerMeters several;

    private final ServerMeters unknown;
    private final ServerMeters other;

    /** By name. Guarded by this object, as every change of {@link #known} is. */
    private final Map<String, ServerMeters> named = new HashMap<>();

    private MicrometerListener(Builder settings) {
        this.settings = settings;
        this.retries = Counter.builder(MemcachedMeter.RETRIES.getName())
                .description("Requests that were sent again")
                .tags(settings.tags)
                .register(settings.registry);
        this.several = new ServerMeters(settings, tagsOf(Names.SEVERAL));
        this.unknown = settings.serverTag ? new ServerMeters(settings, tagsOf(Names.UNKNOWN)) : several;
        this.other = settings.serverTag ? new ServerMeters(settings, tagsOf(Names.OTHER)) : several;
        if (!settings.serverTag) {
            several.watch(load::ofAll);
        }
    }

    /** A listener with the default settings. */
    public static MicrometerListener create(MeterRegistry registry) {
        return builder(registry).build();
    }

    /** Collects the settings of a listener. */
    public static Builder builder(MeterRegistry registry) {
        return new Builder(registry);
    }

    private Tags tagsOf(String server) {
        return settings.serverTag ? settings.tags.and("server", server) : settings.tags;
    }

    @Override
    public void callEnded(CallStart call, CallEnd end, @Nullable Object started) {
        ServerMeters meters = of(call, end.server());
        if (settings.timed == null || settings.timed.test(call)) {
            int error = Names.errorIndex(end.outcome(), end.error());
            meters.ended(call.verb(), end.outcome(), error, end.elapsedNanos());
        }
        meters.transferred(end.valueBytesSent(), end.valueBytesReceived());
        if (end.attempts() > 1) {
            retries.increment(end.attempts() - 1);
        }
    }

    private ServerMeters of(CallStart call, @Nullable ServerAddress server) {
        if (server == null || !settings.serverTag) {
            return call.keyCount() > 1 ? several : unknown;
        }
        return of(server);
    }

    private ServerMeters of(ServerAddress server) {
        ServerMeters meters = known.get(server);
        if (meters != null) {
            return meters;
        }
        return clients.isEmpty() ? other : added(server);
    }

    /** The list may have been changed a moment ago; a call to a server that has left may end now. */
    private synchronized ServerMeters added(ServerAddress server) {
        ServerMeters meters = named.get(server.toString());
        if (meters == null && live().contains(server)) {
            follow();
            meters = named.get(server.toString());
        }
        return meters == null ? other : meters;
    }

    private Set<ServerAddress> live() {
        Set<ServerAddress> live = new HashSet<>();
        for (ClusterView client : clients) {
            client.servers().stream().map(ServerState::address).forEach(live::add);
            client.gutterServers().stream().map(ServerState::address).forEach(live::add);
        }
        return live;
    }

    /** Makes the meters of new servers, and removes those of servers that have left. */
    private synchronized void follow() {
        if (!settings.serverTag) {
            return;
        }
        Set<ServerAddress> live = live();
        Set<String> names = new HashSet<>();
        for (ServerAddress server : live) {
            String name = server.toString();
            names.add(name);
            known.put(server, named.computeIfAbsent(name, this::watched));
        }
        known.keySet().retainAll(live);
        named.entrySet().removeIf(entry -> {
            boolean hasLeft = !names.contains(entry.getKey());
            if (hasLeft) {
                entry.getValue().remove();
            }
            return hasLeft;
        });
    }

    private ServerMeters watched(String name) {
        ServerMeters meters = new ServerMeters(settings, tagsOf(name));
        Supplier<List<ServerLoad>> loads = () -> load.of(name);
        meters.watch(loads);
        return meters;
    }

    @Override
    public void opened(ClusterView servers) {
        clients.add(servers);
        follow();
    }

    @Override
    public void closed(ClusterView servers) {
        clients.remove(servers);
        follow();
    }

    @Override
    public void happened(ClientEvent event) {
        if (event instanceof ClientEvent.ServersChanged || event instanceof ClientEvent.EventsDropped) {
            follow();
        } else if (event instanceof ClientEvent.ConnectionLost loss) {
            meters(loss.server()).lost();
        } else if (event instanceof ClientEvent.Connected connected) {
            meters(connected.server()).connected();
        }
    }

    private ServerMeters meters(ServerAddress server) {
        return settings.serverTag ? of(server) : several;
    }

    /** Collects the settings of a listener. Not for use by several threads. */
    public static final class Builder {
        final MeterRegistry registry;
        Tags tags = Tags.empty();
        boolean serverTag = true;
        boolean histogram;
        double[] percentiles = {};

        @Nullable
        Predicate<? super CallStart> timed;

        private Builder(MeterRegistry registry) {
            this.registry = Objects.requireNonNull(registry, "registry");
        }

        private Builder(Builder other) {
            registry = other.registry;
            tags = other.tags;
            serverTag = other.serverTag;
            histogram = other.histogram;
            percentiles = other.percentiles.clone();
            timed = other.timed;
        }

        /** Tags of all meters, besides their own. Default: none. */
        public Builder tags(Iterable<Tag> all) {
            tags = Tags.of(all);
            return this;
        }

        /** Whether the meters tell the servers apart. Default: true. */
        public Builder serverTag(boolean on) {
            serverTag = on;
            return this;
        }

        /** Whether the timers publish a histogram, from 50 µs to 5 s, from which a backend computes percentiles. Default: false. */
        public Builder histogram(boolean on) {
            histogram = on;
            return this;
        }

        /**
         * Percentiles that the client computes, each 0 to 1. They cannot be added up over several processes. Default: none.
         *
         * @throws IllegalArgumentException when one is out of its range
         */
        public Builder percentiles(double... all) {
            for (double one : all) {
                if (!(one >= 0 && one <= 1)) {
                    throw new IllegalArgumentException("a percentile is 0 to 1, not " + one);
                }
            }
            percentiles = all.clone();
            return this;
        }

        /** Which calls are timed; bytes and retries of the others are counted all the same. It is asked on each call. Default: all. */
        public Builder timed(Predicate<? super CallStart> calls) {
            timed = Objects.requireNonNull(calls, "calls");
            return this;
        }

        /** The listener; it registers its first meters now. */
        public MicrometerListener build() {
            return new MicrometerListener(new Builder(this));
        }
    }
}
