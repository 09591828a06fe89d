package io.cachewire.routing;

import io.cachewire.DataBlock;
import io.cachewire.IllegalRequestException;
import io.cachewire.ServerAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * xmemcached's ElectionMemcachedSessionLocator: the server with the highest ticket for the key wins. A server of
 * weight w draws w tickets, the first word of MD5 of {@code node-}, the ticket's number and the key. One look-up
 * costs as many digests as all weights together.
 *
 * <p>Key form: the key's UTF-8 bytes. An explicit hash stands for the key as decimal text. The node is
 * {@link NodeName#xmemcached}'s.
 *
 * <p>A server that is not connected takes no part ({@link LocatorFactory#ejecting}); there are no further choices
 * otherwise.
 */
public final class XmemcachedElectionLocator implements NodeLocator {
    /** So that a weight cannot turn every look-up into seconds. */
    private static final int MAX_TICKETS = 10_000;

    private final List<String> names;
    private final int[] weights;

    private XmemcachedElectionLocator(List<ServerAddress> servers, NodeName name) {
        Choices.checkServers(servers.size());
        this.names = name.all(servers);
        this.weights = servers.stream().mapToInt(ServerAddress::weight).toArray();
        if (servers.stream().mapToLong(ServerAddress::weight).sum() > MAX_TICKETS) {
            throw new IllegalRequestException("an election takes weights of at most " + MAX_TICKETS + " together");
        }
    }

    /** The rule with these node names; dead servers take no part. */
    public static LocatorFactory over(NodeName name) {
        LocatorFactory factory = servers -> new XmemcachedElectionLocator(servers, name);
        return factory.ejecting();
    }

    @Override
    public int locate(DataBlock routingKey) {
        int winner = 0;
        long highest = -1;
        for (int i = 0; i < weights.length; i++) {
            for (int j = 0; j < weights[i]; j++) {
                long ticket = ticket(names.get(i) + "-" + j, routingKey);
                if (ticket > highest) {
                    highest = ticket;
                    winner = i;
                }
            }
        }
        return winner;
    }

    private static long ticket(String head, DataBlock key) {
        byte[] start = head.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = Arrays.copyOf(start, start.length + key.length());
        for (int i = 0; i < key.length(); i++) {
            bytes[start.length + i] = key.at(i);
        }
        return Integer.toUnsignedLong(Digests.word(Digests.MD5.digest(bytes), 0));
    }

    @Override
    public int locateHash(long hash) {
        return locate(DataBlock.ofUtf8(Long.toString(hash)));
    }

    @Override
    public int locate(DataBlock routingKey, int attempt) {
        Choices.checkAttempt(attempt);
        return attempt == 0 ? locate(routingKey) : -1;
    }
}
