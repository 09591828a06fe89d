package io.cachewire.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cachewire.IllegalRequestException;
import org.junit.jupiter.api.Test;

class ContinuumTest {
    private static final int HIGH = 0xf0000000;

    private static Continuum ring(Continuum.Ties ties) {
        return new Continuum.Builder(3, ties)
                .add(HIGH, 2)
                .add(100, 0)
                .add(200, 1)
                .add(200, 2)
                .build();
    }

    @Test
    void ceilingIsTheNextPointAndWraps() {
        Continuum ring = ring(Continuum.Ties.EARLIER);
        assertEquals(3, ring.size());
        assertEquals(0, ring.ceiling(0));
        assertEquals(0, ring.ceiling(100));
        assertEquals(1, ring.ceiling(101));
        assertEquals(2, ring.ceiling(0x80000000));
        assertEquals(0, ring.ceiling(0xffffffff));
    }

    @Test
    void floorIsThePointBeforeAndWraps() {
        Continuum ring = ring(Continuum.Ties.EARLIER);
        assertEquals(2, ring.floor(99));
        assertEquals(0, ring.floor(100));
        assertEquals(0, ring.floor(199));
        assertEquals(1, ring.floor(0x80000000));
        assertEquals(2, ring.floor(0xffffffff));
    }

    @Test
    void swappedCeilingStaysAtItsEnd() {
        Continuum ring = ring(Continuum.Ties.EARLIER);
        assertEquals(2, ring.swappedCeiling(99));
        assertEquals(0, ring.swappedCeiling(100));
        assertEquals(1, ring.swappedCeiling(101));
        assertEquals(0, ring.swappedCeiling(0xffffffff));
    }

    @Test
    void tiesDecideTheOwner() {
        assertEquals(1, ring(Continuum.Ties.EARLIER).owner(1));
        assertEquals(2, ring(Continuum.Ties.LATER).owner(1));
        Continuum.Ties told = (point, nodes) -> {
            assertEquals(200, point);
            assertEquals(2, nodes.length);
            return nodes[point % 2];
        };
        assertEquals(1, ring(told).owner(1));
    }

    @Test
    void walkingMeetsEachNodeOnce() {
        Continuum ring = ring(Continuum.Ties.LATER);
        assertEquals(2, ring.distinct(1, 0));
        assertEquals(0, ring.distinct(1, 1));
        // node 1 lost its only point to node 2
        assertEquals(-1, ring.distinct(1, 2));
        assertEquals(-1, ring.distinct(1, Integer.MAX_VALUE));
    }

    @Test
    void pointsAreBounded() {
        Continuum.Builder builder = new Continuum.Builder(1, Continuum.Ties.EARLIER);
        assertThrows(IllegalRequestException.class, () -> {
            for (int i = 0; i <= Continuum.MAX_POINTS; i++) {
                builder.add(i, 0);
            }
        });
    }
}
