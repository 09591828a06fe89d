package io.cachewire.verification.servers.table;

import io.cachewire.FireAndForgetClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One face of a client: its operations by name, with the arguments of the blocking face. */
interface Face {
    /** "suspend", "blocking" or "async". */
    String name();

    /**
     * Calls an operation and waits for its result: {@code get}, {@code admin.stats}, {@code meta.get}. A dump gives all
     * its elements, a watch its first.
     */
    @Nullable
    Object call(String operation, Object... arguments) throws Exception;

    FireAndForgetClient fireAndForget();

    Face namespace(String prefix);

    Face withRequestTimeout(Duration timeout);

    void disconnectAll();
}
