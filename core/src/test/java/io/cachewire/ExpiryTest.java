package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryTest {
    private static final long NOW = 1_800_000_000L;

    @ParameterizedTest
    @CsvSource({
        "PT0.000000001S, 1",
        "PT0.999S, 1",
        "PT1S, 1",
        "PT1.000000001S, 2",
        "PT1.5S, 2",
        "PT10M, 600",
        "P30D, 2592000",
        "PT2591999.5S, 2592000",
    })
    void aTimeToLiveUpToThirtyDaysIsRelativeAndRoundedUp(Duration ttl, long exptime) {
        assertEquals(exptime, Expiry.after(ttl).toExptime(NOW));
    }

    @ParameterizedTest
    @CsvSource({
        "PT720H0.000000001S, 1802592001",
        "PT720H1S, 1802592001",
        "P31D, 1802678400",
        "P60D, 1805184000",
        "P365D, 1831536000",
    })
    void aLongerOneIsTheDateItMeans(Duration ttl, long exptime) {
        assertEquals(exptime, Expiry.after(ttl).toExptime(NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-0.000000001S", "PT-1S", "P-30D", "PT2147483648S"})
    void aTimeToLiveOutOfRange(Duration ttl) {
        IllegalRequestException e = assertThrows(IllegalRequestException.class, () -> Expiry.after(ttl));
        assertEquals(MemcachedException.Delivery.NOT_SENT, e.delivery());
        assertTrue(e.getMessage().contains(ttl.toString()), e.getMessage());
    }

    @Test
    void theLargestAndTheSmallestDuration() {
        assertThrows(
                IllegalRequestException.class, () -> Expiry.after(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)));
        assertThrows(IllegalRequestException.class, () -> Expiry.after(Duration.ofSeconds(Long.MIN_VALUE)));
    }

    @ParameterizedTest
    @CsvSource({
        "PT347483646S, 2147483646",
        "PT347483647S, 2147483647",
        "PT347483647.5S, 2147483647",
        "PT347483648S, 2147483647",
        "P4380D, 2147483647",
        "PT2147483647S, 2147483647",
    })
    void aTimeToLiveEndsWithTheLastSecondThatServersCountTo(Duration ttl, long exptime) {
        assertEquals(exptime, Expiry.after(ttl).toExptime(NOW));
    }

    @ParameterizedTest
    @ValueSource(longs = {2_144_891_647L, 2_144_891_648L, 2_147_483_647L, 2_147_483_648L, 4_000_000_000L})
    void inTheLastThirtyDaysOfItsClockAServerCanBeToldOfThirtyDays(long now) {
        assertEquals(2_592_000, Expiry.after(Duration.ofDays(31)).toExptime(now));
        assertEquals(2_592_000, Expiry.after(Duration.ofDays(30)).toExptime(now));
        assertEquals(
                2_147_483_647L,
                Expiry.after(Duration.ofDays(31)).toExptime(2_144_891_646L),
                "a day more is still told");
    }

    @Test
    void anInstantIsSentAsItIs() {
        assertEquals(NOW, Expiry.at(Instant.ofEpochSecond(NOW)).toExptime(NOW));
        assertEquals(
                NOW - 9, Expiry.at(Instant.ofEpochSecond(NOW - 10, 1)).toExptime(NOW), "rounded up, as a time to live");
        assertEquals(2_592_001, Expiry.at(Instant.ofEpochSecond(2_592_001)).toExptime(0));
        assertEquals(
                Integer.MAX_VALUE,
                Expiry.at(Instant.ofEpochSecond(Integer.MAX_VALUE)).toExptime(0));
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                Long.MIN_VALUE / 1_000_000_000,
                -1,
                0,
                1,
                2_592_000,
                0x8000_0000L,
                0xffff_ffffL,
                0x1_0000_0000L,
                31_556_889_864_403_199L
            })
    void anInstantThatTheProtocolWouldMisread(long epochSecond) {
        Instant instant = Instant.ofEpochSecond(epochSecond);
        assertThrows(IllegalRequestException.class, () -> Expiry.at(instant));
        Instant justBeyond = Expiry.LAST_DATE.plusNanos(1);
        assertThrows(IllegalRequestException.class, () -> Expiry.at(justBeyond));
    }

    @Test
    void never() {
        assertTrue(Expiry.never().isNever());
        assertEquals(0, Expiry.never().toExptime(NOW));
        assertFalse(Expiry.after(Duration.ofSeconds(1)).isNever());
        assertFalse(Expiry.at(Instant.ofEpochSecond(NOW)).isNever());
    }

    @Test
    void onlyATimeToLiveIsOne() {
        assertEquals(Duration.ofMinutes(1), Expiry.after(Duration.ofMinutes(1)).timeToLive());
        assertNull(Expiry.never().timeToLive());
        assertNull(Expiry.at(Instant.ofEpochSecond(NOW)).timeToLive());
    }

    @Test
    void equalWhenTheSameGoesOnTheWire() {
        assertEquals(Expiry.after(Duration.ofMillis(1)), Expiry.after(Duration.ofSeconds(1)));
        assertEquals(
                Expiry.after(Duration.ofMillis(1)).hashCode(),
                Expiry.after(Duration.ofSeconds(1)).hashCode());
        assertNotEquals(Expiry.after(Duration.ofSeconds(1)), Expiry.after(Duration.ofSeconds(2)));
        assertNotEquals(Expiry.after(Duration.ofSeconds(3_000_000)), Expiry.at(Instant.ofEpochSecond(3_000_000)));
        assertEquals("never", Expiry.never().toString());
        assertEquals("after PT1M", Expiry.after(Duration.ofMinutes(1)).toString());
        assertEquals(
                "at 2027-01-15T08:00:00Z", Expiry.at(Instant.ofEpochSecond(NOW)).toString());
    }
}
