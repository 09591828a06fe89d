package io.cachewire.interop.live;

import io.cachewire.ClientPreset;
import io.cachewire.ServerAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A foreign client with its options, the preset that is to be the same, and what the two cannot share.
 *
 * @param name the row in docs/interop.md
 * @param preset how the row says it in Java
 * @param ours the preset
 * @param weighted whether the servers have weights 1, 2, 3, 1, 2
 * @param asciiKeys whether the client refuses other keys
 * @param notShared kinds that the client has no form for, or that no other client may read
 * @param peer connects it; throws {@link MissingPeerException} when it is not installed
 */
record Setup(
        String name,
        String preset,
        ClientPreset ours,
        boolean weighted,
        boolean asciiKeys,
        Set<Kind> notShared,
        Function<List<ServerAddress>, Peer> peer) {
    static Setup of(Program program, String name, String json, String preset, ClientPreset ours) {
        return new Setup(name, preset, ours, false, false, EnumSet.noneOf(Kind.class), servers -> {
            List<String> command = program.command()
                    .orElseThrow(() -> new MissingPeerException(name + " needs " + program.packages()));
            return new PipePeer(command, servers, json);
        });
    }

    static Setup inJvm(String name, String preset, ClientPreset ours, Function<List<ServerAddress>, Peer> peer) {
        return new Setup(name, preset, ours, false, false, EnumSet.noneOf(Kind.class), peer);
    }

    Setup withWeights() {
        return new Setup(name + ", weights", preset, ours, true, asciiKeys, notShared, peer);
    }

    Setup withAsciiKeys() {
        return new Setup(name, preset, ours, weighted, true, notShared, peer);
    }

    Setup without(Kind... kinds) {
        return without(Set.of(kinds));
    }

    Setup without(Set<Kind> kinds) {
        return new Setup(name, preset, ours, weighted, asciiKeys, kinds, peer);
    }

    int weight(int server) {
        return weighted ? 1 + server % 3 : 1;
    }

    @Override
    public String toString() {
        return name;
    }

    /** The client is not on this machine; the message says what to install. */
    static final class MissingPeerException extends RuntimeException {
        MissingPeerException(String message) {
            super(message);
        }
    }
}
