package io.cachewire;

/** What some versions of memcached lack, with the first version that has it (the first release tag with the change). */
public enum ServerCapability {
    /** The meta protocol as it is today, with {@code HD} for "done". */
    META("the meta protocol", new ServerVersion(1, 6, 10)),
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

    ServerCapability(String what, ServerVersion since) {
        this.what = what;
        this.since = since;
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
