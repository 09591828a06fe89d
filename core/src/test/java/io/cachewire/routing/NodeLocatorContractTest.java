package io.cachewire.routing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link NodeLocator} promises, whoever wrote it. Extend it, return your factory, and set the bounds that
 * your rule keeps; the class must be visible to JUnit and its name end in {@code Test}.
 */
public abstract class NodeLocatorContractTest {
    private static final int KEYS = 20_000;
    private static final int SERVERS = 10;

    /** The rule under test. */
    protected abstract LocatorFactory factory();

    /** The most keys that one of ten equal servers may get, as a multiple of its fair share. */
    protected double largestShare() {
        return 1.5;
    }

    /** The fewest keys that one of ten equal servers may get, as a multiple of its fair share. */
    protected double smallestShare() {
        return 0.5;
    }

    /**
     * The most keys of the nine servers that stay which may move when the last of ten goes, as a part of all of
     * theirs.
     */
    protected double movedOnRemoval() {
        return 0.0;
    }

    /** The number of choices that a key of ten servers has at least, the first counted. */
    protected int choices() {
        return SERVERS;
    }

    private NodeLocator locator(int servers) {
        return factory().build(servers(servers));
    }

    private static List<ServerAddress> servers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ServerAddress("10.20.30." + (40 + i), 11211))
                .toList();
    }

    private static DataBlock key(int i) {
        return DataBlock.ofUtf8((i % 3 == 0 ? "user:" : i % 3 == 1 ? "session/" : "ключ-") + i);
    }

    @Test
    public void everyServerGetsItsShare() {
        NodeLocator locator = locator(SERVERS);
        int[] counts = new int[SERVERS];
        for (int i = 0; i < KEYS; i++) {
            counts[locator.locate(key(i))]++;
        }
        double fair = (double) KEYS / SERVERS;
        for (int i = 0; i < SERVERS; i++) {
            double share = counts[i] / fair;
            assertTrue(
                    share >= smallestShare() && share <= largestShare(),
                    getClass().getSimpleName() + ": server " + i + " has " + share + " of its fair share");
        }
    }

    @Test
    public void keysOfServersThatStayDoNotMove() {
        NodeLocator before = locator(SERVERS);
        NodeLocator after = locator(SERVERS - 1);
        int stayed = 0;
        int moved = 0;
        for (int i = 0; i < KEYS; i++) {
            int home = before.locate(key(i));
            if (home != SERVERS - 1) {
                stayed++;
                moved += after.locate(key(i)) == home ? 0 : 1;
            }
        }
        assertTrue(moved <= movedOnRemoval() * stayed, moved + " of " + stayed + " keys moved");
    }

    @Test
    public void oneServerGetsEverything() {
        NodeLocator locator = locator(1);
        for (int i = 0; i < 100; i++) {
            assertEquals(0, locator.locate(key(i)));
            assertEquals(0, locator.locate(key(i), 0));
            assertEquals(0, locator.locateHash(i * 0x9e3779b97f4a7c15L));
        }
    }

    @Test
    public void attemptZeroIsTheFirstChoice() {
        NodeLocator locator = locator(SERVERS);
        for (int i = 0; i < 1000; i++) {
            assertEquals(locator.locate(key(i)), locator.locate(key(i), 0));
        }
    }

    @Test
    public void attemptsNameServersUntilTheyEnd() {
        NodeLocator locator = locator(SERVERS);
        for (int i = 0; i < 500; i++) {
            int attempt = 0;
            while (attempt < 200) {
                int node = locator.locate(key(i), attempt);
                if (node == -1) {
                    break;
                }
                assertTrue(node >= 0 && node < SERVERS, "node " + node);
                attempt++;
            }
            assertTrue(attempt >= choices(), "only " + attempt + " choices");
            if (attempt < 200) {
                assertEquals(-1, locator.locate(key(i), attempt + 1));
                assertEquals(-1, locator.locate(key(i), Integer.MAX_VALUE));
            }
        }
        assertThrows(IllegalArgumentException.class, () -> locator.locate(key(0), -1));
    }

    @Test
    public void anyHashNamesAServer() {
        NodeLocator locator = locator(SERVERS);
        long[] edges = {0, 1, -1, 0x7fffffffL, 0x80000000L, 0xffffffffL, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE};
        for (long hash : edges) {
            int node = locator.locateHash(hash);
            assertTrue(node >= 0 && node < SERVERS, hash + " gave " + node);
            assertEquals(node, locator.locateHash(hash));
        }
        long reached = IntStream.range(0, 2000)
                .map(i -> locator.locateHash(i * 0x9e3779b97f4a7c15L))
                .distinct()
                .count();
        assertEquals(SERVERS, reached);
    }

    @Test
    public void furtherChoicesOfAHashAreServersToo() {
        NodeLocator locator = locator(SERVERS);
        for (int i = 0; i < 200; i++) {
            long hash = i * 0x9e3779b97f4a7c15L;
            assertEquals(locator.locateHash(hash), locator.locateHash(hash, 0));
            int node = 0;
            for (int attempt = 1; node != -1 && attempt < 200; attempt++) {
                node = locator.locateHash(hash, attempt);
                assertTrue(node >= -1 && node < SERVERS, "node " + node);
            }
            assertEquals(-1, node);
        }
        assertThrows(IllegalArgumentException.class, () -> locator.locateHash(0, -1));
    }

    @Test
    public void noServersIsAnError() {
        assertThrows(IllegalArgumentException.class, () -> factory().build(List.of()));
    }

    @Test
    public void anyKeyIsPlaced() {
        NodeLocator locator = locator(SERVERS);
        for (int length = 0; length <= 250; length++) {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) (i * 89 + length);
            }
            int node = locator.locate(DataBlock.wrap(bytes));
            assertTrue(node >= 0 && node < SERVERS);
        }
    }

    @Test
    public void aKeyInsideALongerArrayIsPlacedAlike() {
        NodeLocator locator = locator(SERVERS);
        byte[] line = "mg session:12345 v\r\n".getBytes(StandardCharsets.US_ASCII);
        assertEquals(locator.locate(DataBlock.ofUtf8("session:12345")), locator.locate(DataBlock.wrap(line, 3, 13)));
    }

    @Test
    public void theSameListBuildsTheSamePlaces() {
        NodeLocator one = locator(SERVERS);
        NodeLocator two = locator(SERVERS);
        for (int i = 0; i < 1000; i++) {
            assertEquals(one.locate(key(i)), two.locate(key(i)));
        }
    }

    @Test
    public void ejectingNeverNamesAServerThatIsDown() {
        BitSet down = new BitSet();
        down.set(0);
        down.set(7);
        NodeLocator locator = factory().ejecting().build(servers(SERVERS), down);
        int[] counts = new int[SERVERS];
        for (int i = 0; i < 2000; i++) {
            counts[locator.locate(key(i))]++;
        }
        for (int i = 0; i < SERVERS; i++) {
            assertEquals(down.get(i), counts[i] == 0, "server " + i + " has " + counts[i]);
        }
        down.set(0, SERVERS);
        int node = factory().ejecting().build(servers(SERVERS), down).locate(key(0));
        assertTrue(node >= 0 && node < SERVERS);
    }

    @Test
    public void manyThreadsSeeTheSamePlaces() throws Exception {
        NodeLocator locator = locator(SERVERS);
        int[] expected = places(locator);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            Callable<int[]> look = () -> places(locator);
            List<Future<int[]>> seen = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                seen.add(pool.submit(look));
            }
            for (Future<int[]> places : seen) {
                assertArrayEquals(expected, places.get(30, TimeUnit.SECONDS));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static int[] places(NodeLocator locator) {
        return IntStream.range(0, 3000).map(i -> locator.locate(key(i))).toArray();
    }
}
