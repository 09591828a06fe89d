package io.cachewire.verification.servers.table;

import io.cachewire.Protocol;
import io.cachewire.verification.servers.model.ModelServer;
import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A server that the client is tried on.
 *
 * @param name as the table and {@code refusals.txt} have it
 * @param model what can be asked about the connections, for a model
 */
record Target(String name, String address, @Nullable ModelServer model, Closeable server) implements Closeable {
    static Target of(String name, ModelServer model) {
        return new Target(name, model.address(), model, model);
    }

    static Target of(String name, String address) {
        return new Target(name, address, null, () -> {});
    }

    /** A way to its items that sees what the client stores in this dialect. */
    Raw raw(Protocol protocol) throws IOException {
        // Infinispan keeps the items of text clients apart from those of binary clients
        return protocol == Protocol.BINARY && model == null && name.startsWith("Infinispan")
                ? new OtherClient(address, protocol, Trial.TIMEOUT)
                : PlainText.of(address);
    }

    /** How many connections that served other callers were closed by the server since this many hang-ups. */
    long brokenSince(int hangUps) {
        if (model == null) {
            return 0;
        }
        Set<Integer> shared = model.ran().stream()
                .filter(ran -> ran.line().contains(Trial.BYSTANDER))
                .map(ModelServer.Ran::connection)
                .collect(Collectors.toSet());
        return model.hangUps().stream().skip(hangUps).filter(shared::contains).count();
    }

    int hangUps() {
        return model == null ? 0 : model.hangUps().size();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
