package io.cachewire.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.cache.interceptor.SimpleKey;

class KeyTextTest {
    private final KeyText keys = new KeyText(200);

    private record Id(String country, int number) {}

    private static final class Nameless {}

    @Test
    void plainKeysAreTheirTexts() {
        assertEquals("isbn-1", keys.apply("isbn-1"));
        assertEquals("42", keys.apply(42L));
        assertEquals("true", keys.apply(true));
        UUID id = UUID.randomUUID();
        assertEquals(id.toString(), keys.apply(id));
        assertEquals("Id[country=de,%20number=1]", keys.apply(new Id("de", 1)));
        assertEquals("gr%c3%b6%c3%9fe", keys.apply("größe"));
        assertEquals("%f0%9f%93%96%ud800x", keys.apply("\ud83d\udcd6\ud800x"));
        assertEquals("", keys.apply(""));
    }

    @Test
    void parametersAreToldApart() {
        assertEquals("(a,b)", keys.apply(new SimpleKey("a", "b")));
        assertEquals("(a\\,%20b,c)", keys.apply(new SimpleKey("a, b", "c")));
        List<Object> different = Arrays.asList(
                new SimpleKey("a, b", "c"),
                new SimpleKey("a", "b, c"),
                new SimpleKey("a,b", "c"),
                new SimpleKey("a", "b,c"),
                new SimpleKey("a", "b", "c"),
                new SimpleKey(List.of("a", "b"), "c"),
                new SimpleKey("a", List.of("b", "c")),
                new SimpleKey("(a,b)", "c"),
                new SimpleKey(),
                new SimpleKey(""),
                new SimpleKey((Object) null),
                new SimpleKey("\\0"),
                new SimpleKey("\\-"),
                new SimpleKey("null"),
                "(a,b,c)",
                "\\(a,b,c)",
                "()",
                "",
                " ",
                "%20",
                "#",
                "%23",
                List.of("a"),
                List.of(List.of("a")),
                List.of(List.of(), List.of()),
                List.of(List.of(List.of())),
                Map.of("a", "b"),
                List.of("a=b"));
        Set<String> texts = new LinkedHashSet<>();
        for (Object key : different) {
            assertTrue(texts.add(keys.apply(key)), () -> key + " is one of " + texts);
        }
    }

    @Test
    void containersAreTheirContents() {
        assertEquals(keys.apply(new String[] {"a", "b"}), keys.apply(List.of("a", "b")));
        assertEquals("(1,2)", keys.apply(new int[] {1, 2}));
        assertEquals(keys.apply(Optional.of("a")), keys.apply(Optional.of("a")));
        assertNotEquals(keys.apply(Optional.of("a")), keys.apply(Optional.empty()));
        Map<String, Integer> one = new HashMap<>();
        Map<String, Integer> other = new HashMap<>(1000);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            names.add("name" + i * 7919);
        }
        names.forEach(name -> one.put(name, 1));
        java.util.Collections.reverse(names);
        names.forEach(name -> other.put(name, 1));
        assertEquals(keys.apply(one), keys.apply(other));
        assertEquals(keys.apply(new LinkedHashSet<>(names)), keys.apply(one.keySet()));
    }

    @Test
    void anObjectWithoutATextIsRefused() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> keys.apply(new Nameless()));
        assertTrue(refused.getMessage().contains("Nameless"), refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> keys.apply(new SimpleKey("a", new Nameless())));
        assertThrows(IllegalArgumentException.class, () -> keys.apply(new Object[] {new Nameless()}));
    }

    @Test
    void longTextsAreHashedAndStayApart() {
        String common = "x".repeat(10_000);
        String one = keys.apply(common + "1");
        String other = keys.apply(common + "2");
        assertNotEquals(one, other);
        assertEquals(KeyText.KEPT + 1 + KeyText.DIGEST, one.length());
        assertEquals(one, keys.apply(common + "1"));
        assertNotEquals(one, keys.apply(one));
        String wide = "\u4f60".repeat(100);
        assertTrue(keys.apply(wide).length() <= 150);
    }

    @Test
    void anyTextFitsIntoAKey() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(200);
            for (int at = 0; at < length; at++) {
                text.append((char) (random.nextInt(4) == 0 ? random.nextInt(0x10000) : random.nextInt(0x100)));
            }
            String key = keys.apply(text.toString());
            assertTrue(key.length() <= 150);
            assertFalse(key.chars().anyMatch(c -> c <= ' ' || c >= 0x7f), key);
        }
    }
}
