package io.cachewire.verification.servers.model;

import java.util.EnumSet;
import java.util.Set;

/** What one version of memcached does that another does not. */
enum Trait {
    /** {@code gat} and {@code gats}. */
    GAT,
    /** Binary packets. */
    BINARY,
    /** Statistics in binary packets. */
    BINARY_STATS,
    /** {@code EN} repeats opaque and key. */
    MISS_ECHO,
    /**
     * A blank behind {@code HD}, {@code NF} and {@code EX} of {@code md}, and behind {@code NF} and {@code EX} of
     * {@code ma}.
     */
    STATUS_BLANK,
    /** {@code mg <key>} without a flag. */
    BARE_META_GET,
    /** Meta flag {@code b}. */
    BASE64,
    /** {@code ms} returns {@code s}. */
    STORED_SIZE,
    /** {@code ms} with {@code MA} and {@code N}. */
    APPEND_VIVIFY,
    /** Meta flag {@code E}. */
    EXPLICIT_CAS,
    /** {@code md} with {@code x}. */
    REMOVE_VALUE,
    /** The parser that came with 1.6.41: numbers must fit, a refused block is always swallowed. */
    STRICT,
    /** A retrieval line may be longer than 64 KiB. */
    LONG_RETRIEVAL,
    /** {@code lru_crawler metadump} runs without {@code lru_crawler enable}. */
    CRAWLER_RUNS,
    /** {@code lru_crawler metadump} ends with {@code END}. */
    DUMP_END,
    DUMP_FLAGS,
    /** A dump begins with {@code OK}. */
    DUMP_OK,
    DUMP_HASH,
    MGDUMP,
    /** {@code me} ends with {@code EN} behind a hit, too. */
    DEBUG_END,
    DEBUG_BASE64,
    /** {@code watch} answers {@code OK} at once, not with the next bytes that the client sends. */
    WATCH_OK,
    WATCH_DELETIONS,
    WATCH_CONNEVENTS,
    /** {@code stats sizes_enable}. */
    SIZES_SWITCH,
    SLAB_REASSIGN,
    LRU_MODES,
    /** A number that became shorter is filled up with blanks. */
    PADDED_COUNT,
    /** {@code gets} tells the cas unique. */
    GETS_CAS,
    /** An exptime of the past, or beyond 30 days, is read as memcached does. */
    EXPTIME_RULE,
    /** An exptime wraps at 32 bits. */
    EXPTIME_WRAPS,
    /** A key has at most 250 bytes, an item at most 1 MiB. */
    LIMITS,
    /** {@code delete <key> <seconds>} is refused. */
    DELETE_USAGE;

    static final Set<Trait> V1_4_39 = EnumSet.of(
            BINARY,
            BINARY_STATS,
            LONG_RETRIEVAL,
            SIZES_SWITCH,
            PADDED_COUNT,
            GETS_CAS,
            EXPTIME_RULE,
            EXPTIME_WRAPS,
            LIMITS,
            DELETE_USAGE);
    static final Set<Trait> V1_5_22 = with(V1_4_39, GAT, CRAWLER_RUNS, DUMP_END, DEBUG_END, SLAB_REASSIGN, LRU_MODES);
    static final Set<Trait> V1_6_0 = with(without(V1_5_22, DEBUG_END), STATUS_BLANK, DUMP_HASH);
    static final Set<Trait> V1_6_12 =
            with(without(V1_6_0, LONG_RETRIEVAL), BASE64, DEBUG_BASE64, WATCH_OK, WATCH_CONNEVENTS);
    static final Set<Trait> V1_6_17 = with(V1_6_12, LONG_RETRIEVAL);
    static final Set<Trait> V1_6_18 = with(without(V1_6_17, STATUS_BLANK), MISS_ECHO, BARE_META_GET);
    static final Set<Trait> V1_6_21 = with(V1_6_18, STORED_SIZE, APPEND_VIVIFY, MGDUMP, WATCH_DELETIONS);
    static final Set<Trait> V1_6_29 = with(without(V1_6_21, SIZES_SWITCH), EXPLICIT_CAS, REMOVE_VALUE, DUMP_FLAGS);
    static final Set<Trait> V1_6_45 = with(without(V1_6_29, DEBUG_BASE64, DELETE_USAGE), STRICT, DUMP_OK);

    static Set<Trait> with(Set<Trait> base, Trait... more) {
        EnumSet<Trait> all = EnumSet.copyOf(base);
        all.addAll(Set.of(more));
        return all;
    }

    static Set<Trait> without(Set<Trait> base, Trait... less) {
        EnumSet<Trait> all = EnumSet.copyOf(base);
        all.removeAll(Set.of(less));
        return all;
    }
}
