package io.cachewire.serde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class FlagSchemeTest {
    private final FlagScheme ours = FlagScheme.DEFAULT;

    @Test
    void defaultBits() {
        Format[] inOrder = Format.values();
        for (int flags = 0; flags < inOrder.length; flags++) {
            assertEquals(flags, ours.flags(inOrder[flags]));
            assertEquals(inOrder[flags], ours.format(flags));
        }
        assertEquals(0x100, ours.zlibBits());
        assertEquals(0x200, ours.gzipBits());
        assertNull(ours.format(10));
        assertNull(ours.format(0x10));
        assertNull(ours.format(0x80000001));
        assertNull(ours.format(0x101));
    }

    @Test
    void compressionBits() {
        assertTrue(ours.isZlib(0x102));
        assertFalse(ours.isGzip(0x102));
        assertTrue(ours.isGzip(0x201));
        assertEquals(2, ours.withoutCompression(0x102));
        assertEquals(2, ours.withoutCompression(0x202));
        assertEquals(0x402, ours.withoutCompression(0x402));
    }

    @Test
    void compressionMarkedByTwoBits() {
        FlagScheme php = FlagScheme.builder().format(Format.TEXT, 0).zlib(0x30).build();
        assertTrue(php.isZlib(0x30));
        assertFalse(php.isZlib(0x50));
        assertEquals(0, php.withoutCompression(0x30));
        assertEquals(0x50, php.withoutCompression(0x50));
        assertFalse(php.isGzip(0));
    }

    @Test
    void sharedFlagsAreReadAsTheFirst() {
        FlagScheme python = FlagScheme.builder()
                .format(Format.LONG, 2)
                .format(Format.INT, 2)
                .alsoRead(4, Format.LONG)
                .alsoRead(2, Format.TEXT)
                .build();
        assertEquals(2, python.flags(Format.INT));
        assertEquals(Format.LONG, python.format(2));
        assertEquals(Format.LONG, python.format(4));
        assertFalse(python.has(Format.TEXT));
        assertThrows(IllegalArgumentException.class, () -> python.flags(Format.TEXT));
    }

    @Test
    void ignoredBits() {
        FlagScheme php =
                FlagScheme.builder().format(Format.LONG, 1).ignoring(0xffff0000).build();
        assertEquals(Format.LONG, php.format(0x80050001));
        assertNull(php.format(0x11));
    }

    @Test
    @DisplayName("S09 a scheme with two meanings for one bit is refused")
    void bitWithTwoMeaningsIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> FlagScheme.builder().zlib(3).gzip(2).build());
        assertThrows(
                IllegalArgumentException.class,
                () -> FlagScheme.builder().format(Format.TEXT, 9).zlib(8).build());
        assertThrows(
                IllegalArgumentException.class,
                () -> FlagScheme.builder().ignoring(8).zlib(8).build());
        assertThrows(
                IllegalArgumentException.class,
                () -> FlagScheme.builder().format(Format.TEXT, 9).ignoring(8).build());
    }
}
