package io.cachewire.verification.servers.model;

import io.cachewire.verification.servers.model.LoginGate.ShortLine;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;

/** The recorded servers, by the names of {@code transcripts.json}. */
public enum Models {
    MEMCACHED_1_4_39("memcached 1.4.39", traits("1.4.39", MetaForm.NONE, Trait.V1_4_39)),
    MEMCACHED_1_5_22("memcached 1.5.22", traits("1.5.22", MetaForm.FLAG_STRING, Trait.V1_5_22)),
    MEMCACHED_1_6_0("memcached 1.6.0", traits("UNKNOWN", MetaForm.LENGTH_IS_FLAG, Trait.V1_6_0)),
    MEMCACHED_1_6_9("memcached 1.6.9", traits("1.6.9", MetaForm.LENGTH_IS_FLAG, Trait.V1_6_0)),
    MEMCACHED_1_6_12("memcached 1.6.12", traits("UNKNOWN", MetaForm.CURRENT, Trait.V1_6_12)),
    MEMCACHED_1_6_17("memcached 1.6.17", traits("UNKNOWN", MetaForm.CURRENT, Trait.V1_6_17)),
    MEMCACHED_1_6_18("memcached 1.6.18", traits("1.6.18", MetaForm.CURRENT, Trait.V1_6_18)),
    MEMCACHED_1_6_21("memcached 1.6.21", traits("1.6.21", MetaForm.CURRENT, Trait.V1_6_21)),
    MEMCACHED_1_6_29("memcached 1.6.29", traits("1.6.29", MetaForm.CURRENT, Trait.V1_6_29)),
    MEMCACHED_1_6_45("memcached 1.6.45", traits("1.6.45", MetaForm.CURRENT, Trait.V1_6_45)),
    TWEMPROXY(
            "twemproxy 0.5.0 (before memcached 1.6.18)",
            traits("1.6.18", MetaForm.NONE, Trait.without(Trait.V1_6_18, Trait.BINARY)),
            server -> new TwemproxyGate()),
    HAZELCAST("Hazelcast 5.5.0", traits("Hazelcast", MetaForm.NONE, Set.of(Trait.LONG_RETRIEVAL)), HazelcastGate::new),
    INFINISPAN(
            "Infinispan 15.0.11",
            traits(
                    "15.0.11.Final",
                    MetaForm.NONE,
                    Set.of(Trait.BINARY, Trait.LONG_RETRIEVAL, Trait.GAT, Trait.GETS_CAS, Trait.EXPTIME_RULE)),
            server -> new InfinispanGate()),
    LOGIN_1_6_18(
            "memcached 1.6.18 with -Y, no login",
            traits("1.6.18", MetaForm.CURRENT, Trait.without(Trait.V1_6_18, Trait.BINARY)),
            server -> new LoginGate("user password", ShortLine.REFUSED)),
    LOGIN_1_6_45(
            "memcached 1.6.45 with -Y, no login",
            traits("1.6.45", MetaForm.CURRENT, Trait.without(Trait.V1_6_45, Trait.BINARY)),
            server -> new LoginGate("user password", ShortLine.CLOSES)),
    PROXY(
            "memcached's own proxy, 1.6.45 before two 1.6.18",
            traits(
                    "1.6.45",
                    MetaForm.CURRENT,
                    Trait.with(Trait.without(Trait.V1_6_18, Trait.BINARY), Trait.WATCH_DELETIONS)),
            server -> new ProxyGate());

    private final String recordedName;
    private final Traits traits;
    private final Function<ModelServer, Gate> gates;

    Models(String recordedName, Traits traits) {
        this(recordedName, traits, server -> Gate.open());
    }

    Models(String recordedName, Traits traits, Function<ModelServer, Gate> gates) {
        this.recordedName = recordedName;
        this.traits = traits;
        this.gates = gates;
    }

    private static Traits traits(String version, MetaForm meta, Set<Trait> has) {
        return new Traits(version, meta, has);
    }

    /** The model of a recorded server. */
    public static Models of(String recordedName) {
        return Arrays.stream(values())
                .filter(model -> model.recordedName.equals(recordedName))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no model of " + recordedName));
    }

    /** The name in {@code transcripts.json}. */
    public String recordedName() {
        return recordedName;
    }

    /** Starts the model with the version text that was recorded. */
    public ModelServer start() {
        return new ModelServer(traits, gates);
    }

    /** Starts the model with a version text of the caller's choice. */
    public ModelServer start(String version) {
        return new ModelServer(traits.version(version), gates);
    }
}
