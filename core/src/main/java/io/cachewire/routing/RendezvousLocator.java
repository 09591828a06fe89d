package io.cachewire.routing;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Rendezvous hashing as pymemcache's HashClient does it: every node gets a score for the key, the highest wins. When
 * a node goes, only its keys move; order and weights play no part.
 *
 * <p>The score is MurmurHash3 x86_32, seed 0, of the <em>characters</em> of {@code node-key}, each cut to its low 8
 * bits. The node is {@code host:port} or the path of a Unix domain socket. Of equal scores the greater node text
 * wins.
 *
 * <p>Key form: what the Python caller wrote, without the prefix. A {@code str} is its characters, so two keys that
 * differ only above the low 8 bits of a character share a place; a {@code bytes} object is hashed as Python prints
 * it, {@code b'…'}, so {@code "k"} and {@code b"k"} live on different servers. {@link #pymemcache()} is the first,
 * {@link #pymemcacheBytes()} the second.
 *
 * <p>An explicit hash takes the place of the key as decimal text, as it does in pymemcache 4. Further choices: the
 * nodes in falling order of their scores, each once.
 */
public final class RendezvousLocator implements NodeLocator {
    private final List<DataBlock> heads;
    /** For each node its rank among the names, for equal scores. */
    private final int[] ranks;

    private final KeyText keyText;

    private RendezvousLocator(List<ServerAddress> servers, KeyText keyText) {
        Choices.checkServers(servers.size());
        List<String> names = NodeName.HOST_PORT.all(servers);
        this.keyText = keyText;
        this.heads = names.stream()
                .map(name -> DataBlock.wrap((name + "-").getBytes(StandardCharsets.ISO_8859_1)))
                .toList();
        this.ranks = names.stream()
                .mapToInt(name ->
                        (int) names.stream().filter(n -> n.compareTo(name) < 0).count())
                .toArray();
    }

    /** For keys that the Python side gives as {@code str}. */
    public static LocatorFactory pymemcache() {
        return servers -> new RendezvousLocator(servers, KeyText.STR);
    }

    /** For keys that the Python side gives as {@code bytes}. */
    public static LocatorFactory pymemcacheBytes() {
        return servers -> new RendezvousLocator(servers, KeyText.BYTES);
    }

    @Override
    public int locate(DataBlock routingKey) {
        return heads.size() == 1 ? 0 : best(keyText.characters(routingKey), new boolean[0]);
    }

    @Override
    public int locateHash(long hash) {
        return locate(DataBlock.ofUtf8(Long.toString(hash)));
    }

    @Override
    public int locateHash(long hash, int attempt) {
        return locate(DataBlock.ofUtf8(Long.toString(hash)), attempt);
    }

    @Override
    public int locate(DataBlock routingKey, int attempt) {
        Choices.checkAttempt(attempt);
        if (attempt == 0 || attempt >= heads.size()) {
            return attempt == 0 ? locate(routingKey) : -1;
        }
        DataBlock key = keyText.characters(routingKey);
        boolean[] taken = new boolean[heads.size()];
        for (int i = 0; i < attempt; i++) {
            taken[best(key, taken)] = true;
        }
        return best(key, taken);
    }

    private int best(DataBlock key, boolean[] taken) {
        int best = -1;
        long bestScore = -1;
        for (int i = 0; i < heads.size(); i++) {
            if (taken.length > 0 && taken[i]) {
                continue;
            }
            long score = Integer.toUnsignedLong(Murmur.murmur3(heads.get(i), key, 0));
            if (score > bestScore || score == bestScore && ranks[i] > ranks[best]) {
                best = i;
                bestScore = score;
            }
        }
        return best;
    }

    /** The characters that Python formats for a key, each in one byte. */
    private enum KeyText {
        STR {
            @Override
            DataBlock characters(DataBlock key) {
                for (int i = 0; i < key.length(); i++) {
                    if (key.at(i) < 0) {
                        return lowBytes(key.toUtf8());
                    }
                }
                return key;
            }
        },
        BYTES {
            @Override
            DataBlock characters(DataBlock key) {
                return lowBytes(pythonBytes(key));
            }
        };

        abstract DataBlock characters(DataBlock key);

        static DataBlock lowBytes(String text) {
            int[] codePoints = text.codePoints().toArray();
            byte[] bytes = new byte[codePoints.length];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) codePoints[i];
            }
            return DataBlock.wrap(bytes);
        }

        /** {@code repr()} of a bytes object. */
        static String pythonBytes(DataBlock key) {
            boolean single = false;
            boolean twofold = false;
            for (int i = 0; i < key.length(); i++) {
                single |= key.at(i) == '\'';
                twofold |= key.at(i) == '"';
            }
            char quote = single && !twofold ? '"' : '\'';
            StringBuilder text = new StringBuilder(key.length() + 3).append('b').append(quote);
            for (int i = 0; i < key.length(); i++) {
                int c = key.at(i) & 0xff;
                switch (c) {
                    case '\t' -> text.append("\\t");
                    case '\n' -> text.append("\\n");
                    case '\r' -> text.append("\\r");
                    case '\\' -> text.append("\\\\");
                    default -> {
                        if (c == quote) {
                            text.append('\\').append(quote);
                        } else if (c < ' ' || c >= 0x7f) {
                            text.append("\\x")
                                    .append(Character.forDigit(c >> 4, 16))
                                    .append(Character.forDigit(c & 15, 16));
                        } else {
                            text.append((char) c);
                        }
                    }
                }
            }
            return text.append(quote).toString();
        }
    }
}
