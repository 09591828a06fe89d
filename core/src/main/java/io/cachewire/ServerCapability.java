package io.cachewire;

import org.jspecify.annotations.Nullable;

/** What some versions of memcached lack, with the first version that has it (the first release tag with the change). */
public enum ServerCapability {
    /** {@code stats sizes_enable} and {@code stats sizes_disable}, which 1.6.25 has no more. */
    SIZE_STATS_SWITCH(
            "switching the statistics of sizes on and off", new ServerVersion(1, 4, 27), new ServerVersion(1, 6, 25)),
    /** {@code lru_crawler metadump}. */
    METADUMP("lru_crawler metadump", new ServerVersion(1, 4, 31)),
    /** {@code gat} and {@code gats}: get-and-touch in the text protocol. */
    GET_AND_TOUCH("getAndTouch in the text protocol (gat)", new ServerVersion(1, 5, 3)),
    /** {@code me}. */
    DEBUG_ITEM("debugItem (me)", new ServerVersion(1, 5, 19)),
    /** The meta protocol as this client speaks it, with key and opaque in the answer to a miss. */
    META("the meta protocol", new ServerVersion(1, 6, 18)),
    /** {@code watch connevents}. */
    WATCH_CONNECTION_EVENTS("watch connevents", new ServerVersion(1, 6, 11)),
    /** {@code lru_crawler mgdump}. */
    MGDUMP("lru_crawler mgdump", new ServerVersion(1, 6, 19)),
    /** {@code watch deletions}. */
    WATCH_DELETIONS("watch deletions", new ServerVersion(1, 6, 20)),
    /** An append or prepend that creates an absent item ({@code ms} with {@code MA} and {@code N}). */
    APPEND_VIVIFY("an append that creates the item", new ServerVersion(1, 6, 20)),
    /** A cas unique chosen by the client ({@code E}). */
    EXPLICIT_CAS("a cas unique of the caller's choice", new ServerVersion(1, 6, 27)),
    /** Removing the value of an item and keeping the item ({@code md x}). */
    REMOVE_VALUE("removing the value alone", new ServerVersion(1, 6, 27));

    private final String what;
    private final ServerVersion since;
    private final @Nullable ServerVersion removed;

    ServerCapability(String what, ServerVersion since) {
        this(what, since, null);
    }

    ServerCapability(String what, ServerVersion since, @Nullable ServerVersion removed) {
        this.what = what;
        this.since = since;
        this.removed = removed;
    }

    /** Whether a version of memcached has it. */
    public boolean isIn(ServerVersion version) {
        return version.isAtLeast(since) && (removed == null || !version.isAtLeast(removed));
    }

    /** The versions that have it, for a message. */
    String versions() {
        return removed == null ? "memcached >= " + since : "memcached >= " + since + " and < " + removed;
    }

    /** The first version that has it. */
    public ServerVersion since() {
        return since;
    }

    /** What it is, for a message. */
    public String what() {
        return what;
    }
}
