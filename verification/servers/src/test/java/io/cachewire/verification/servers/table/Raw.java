package io.cachewire.verification.servers.table;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A way to the items beside the client that is tried. */
interface Raw extends Closeable {
    /** Stores a text as this client stores texts. */
    void set(String key, String value) throws IOException;

    void delete(String key) throws IOException;

    /** The value of a key, or null. */
    @Nullable
    String get(String key) throws IOException;
}
