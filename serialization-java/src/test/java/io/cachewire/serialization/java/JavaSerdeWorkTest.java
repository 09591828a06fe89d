package io.cachewire.serialization.java;

import static io.cachewire.serialization.java.ForgedStream.stream;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import io.cachewire.serde.EncodedValue;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamConstants;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that are short and take the processor for ever, and large ones in earnest that they must not be confused with. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class JavaSerdeWorkTest {
    private static final ValueType<Object> ANYTHING = ValueType.of(Object.class);

    private final JavaSerde serde = JavaSerde.allowing(
            "io.cachewire.serialization.java.**",
            "java.util.Hashtable",
            "java.util.concurrent.ConcurrentHashMap",
            "java.util.concurrent.ConcurrentHashMap$Segment",
            "java.util.concurrent.locks.ReentrantLock",
            "java.util.concurrent.locks.ReentrantLock$NonfairSync",
            "java.util.concurrent.locks.ReentrantLock$Sync",
            "java.util.concurrent.locks.AbstractQueuedSynchronizer",
            "java.util.concurrent.locks.AbstractOwnableSynchronizer",
            "java.util.PriorityQueue");

    /** A key whose hash, as it is made, is its number, and as it is read, what a test wants. */
    static class Key implements Serializable {
        static volatile boolean hasOneHash;
        final int number;

        Key(int number) {
            this.number = number;
        }

        @Override
        public int hashCode() {
            return hasOneHash ? 7 : number;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.number == number;
        }
    }

    static final class Sorted extends Key implements Comparable<Sorted> {
        Sorted(int number) {
            super(number);
        }

        @Override
        @SuppressWarnings("ComparableType")
        public int compareTo(Sorted other) {
            return 0;
        }
    }

    record Both(@Nullable Object left, @Nullable Object right) implements Serializable {}

    static final class Order implements Serializable {
        final Set<Item> items = new HashSet<>();
    }

    static final class Item implements Serializable {
        final int id;
        final Order order;

        Item(int id, Order order) {
            this.id = id;
            this.order = order;
        }

        @Override
        public int hashCode() {
            return id;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Item item && item.id == id;
        }
    }

    @AfterEach
    void hashesAreGood() {
        Key.hasOneHash = false;
    }

    private Object decode(DataBlock data) {
        return serde.decode("k", new EncodedValue(data, 7), ANYTHING);
    }

    private void assertTooMuch(DataBlock data) {
        SerdeException refused = assertThrows(SerdeException.class, () -> decode(data));
        assertEquals(Reason.LIMIT, refused.reason(), refused::toString);
    }

    /** Writes what {@code ObjectOutputStream} cannot: collections that contain those around them at any time. */
    private static final class Forger {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final DataOutputStream out = new DataOutputStream(bytes);
        private final Map<Object, Integer> descriptions = new HashMap<>();
        int handles;

        Forger() throws IOException {
            out.writeShort(ObjectStreamConstants.STREAM_MAGIC);
            out.writeShort(ObjectStreamConstants.STREAM_VERSION);
        }

        void description(Class<?> type) throws IOException {
            Integer known = descriptions.get(type);
            if (known != null) {
                reference(known);
                return;
            }
            ObjectStreamClass of = Objects.requireNonNull(ObjectStreamClass.lookup(type));
            out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
            out.writeUTF(type.getName());
            out.writeLong(of.getSerialVersionUID());
            boolean hasMethod = Arrays.stream(type.getDeclaredMethods())
                    .anyMatch(method -> method.getName().equals("writeObject"));
            out.writeByte(
                    ObjectStreamConstants.SC_SERIALIZABLE | (hasMethod ? ObjectStreamConstants.SC_WRITE_METHOD : 0));
            descriptions.put(type, handles++);
            out.writeShort(of.getFields().length);
            for (ObjectStreamField field : of.getFields()) {
                out.writeByte(field.getTypeCode());
                out.writeUTF(field.getName());
                if (!field.isPrimitive()) {
                    text(Objects.requireNonNull(field.getTypeString()));
                }
            }
            out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
            Class<?> parent = type.getSuperclass();
            if (parent != null && Serializable.class.isAssignableFrom(parent)) {
                description(parent);
            } else {
                out.writeByte(ObjectStreamConstants.TC_NULL);
            }
        }

        int object(Class<?> type) throws IOException {
            out.writeByte(ObjectStreamConstants.TC_OBJECT);
            description(type);
            return handles++;
        }

        void reference(int handle) throws IOException {
            out.writeByte(ObjectStreamConstants.TC_REFERENCE);
            out.writeInt(ObjectStreamConstants.baseWireHandle + handle);
        }

        void text(String text) throws IOException {
            out.writeByte(ObjectStreamConstants.TC_STRING);
            out.writeUTF(text);
            handles++;
        }

        void block(int... numbers) throws IOException {
            out.writeByte(ObjectStreamConstants.TC_BLOCKDATA);
            out.writeByte(numbers.length * Integer.BYTES);
            for (int number : numbers) {
                out.writeInt(number);
            }
        }

        void end() throws IOException {
            out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
        }

        int list(int times, int of) throws IOException {
            int list = object(ArrayList.class);
            out.writeInt(times);
            block(times);
            for (int i = 0; i < times; i++) {
                reference(of);
            }
            end();
            return list;
        }

        DataBlock stream() {
            return DataBlock.wrap(bytes.toByteArray());
        }
    }

    private static final int ONE = Float.floatToRawIntBits(0.75f);

    /** The set or map begins; what it holds follows. */
    private static int open(Forger forger, Class<?> type, int size) throws IOException {
        int handle = forger.object(type);
        if (HashMap.class.isAssignableFrom(type)) {
            forger.out.writeInt(ONE);
            forger.out.writeInt(16);
            forger.block(16, size);
        } else {
            forger.block(16, ONE, size);
        }
        return handle;
    }

    private static void close(Forger forger, Class<?> type) throws IOException {
        if (Map.class.isAssignableFrom(type)) {
            forger.out.writeByte(ObjectStreamConstants.TC_NULL); // the value of the set within
        }
        forger.end();
        if (type == LinkedHashMap.class) {
            forger.out.writeByte(0);
        }
    }

    /** Each level hashes lists of the level around it, which has begun and is not finished. */
    private static DataBlock nested(Class<?> type, int levels, boolean byFields) throws IOException {
        Forger forger = new Forger();
        int around = open(forger, type, 2);
        forger.text("a");
        if (Map.class.isAssignableFrom(type)) {
            forger.out.writeByte(ObjectStreamConstants.TC_NULL);
        }
        for (int level = 1; level < levels; level++) {
            int next = open(forger, type, 2);
            if (byFields) {
                forger.object(Both.class);
                forger.list(10, around);
                forger.list(10, around);
            } else {
                forger.list(20, around);
            }
            if (Map.class.isAssignableFrom(type)) {
                forger.out.writeByte(ObjectStreamConstants.TC_NULL);
            }
            around = next;
        }
        forger.text("z");
        for (int level = 0; level < levels; level++) {
            close(forger, type);
        }
        return forger.stream();
    }

    @ParameterizedTest
    @ValueSource(classes = {HashSet.class, LinkedHashSet.class, HashMap.class})
    void collectionsThatAreHashedBeforeTheyAreFinished(Class<?> type) throws IOException {
        DataBlock bomb = nested(type, 16, false);
        assertTrue(bomb.length() < 3_000);
        assertTooMuch(bomb);
        assertTooMuch(nested(type, 14, true));
    }

    private static List<Object> keys(int count) {
        List<Object> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(new Key(i * 97));
        }
        return keys;
    }

    private static <M extends Map<Object, Object>> M filled(M map, List<?> keys) {
        keys.forEach(key -> map.put(key, 1));
        return map;
    }

    @Test
    void keysOfAUsersClassWithOneHash() {
        DataBlock large = stream(new HashSet<>(keys(80_000)));
        List<Object> keys = keys(20_000);
        List<Object> sorted = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            sorted.add(new Sorted(i));
        }
        for (Object value : List.of(
                new HashSet<>(keys),
                new LinkedHashSet<>(keys),
                filled(new HashMap<>(), keys),
                filled(new LinkedHashMap<>(), keys),
                filled(new Hashtable<>(), keys),
                filled(new ConcurrentHashMap<>(), keys),
                new HashSet<>(sorted),
                Set.copyOf(keys),
                Map.copyOf(filled(new HashMap<>(), keys)),
                new Object[] {keys, new HashSet<>(keys)},
                new HashSet<>(keys.stream().map(key -> new Both(key, 1)).toList()))) {
            Key.hasOneHash = false;
            DataBlock data = stream(value);
            assertTrue(decode(data) != null);
            Key.hasOneHash = true;
            assertTooMuch(data);
        }
        assertTooMuch(large);
    }

    @Test
    void listsWithOneHash() {
        Set<List<Integer>> set = new HashSet<>();
        List<List<Integer>> lists = new ArrayList<>();
        for (int i = 0; i < 80_000; i++) {
            List<Integer> list = new ArrayList<>(List.of(i));
            lists.add(list);
            set.add(list);
        }
        for (int i = 0; i < 80_000; i++) {
            lists.get(i).add(-31 * i);
        }
        assertEquals(1, lists.stream().mapToInt(List::hashCode).distinct().count());
        assertTooMuch(stream(set));
        Map<Object, Object> linked = new HashMap<>();
        linked.put("a", lists);
        linked.put("b", set);
        assertTooMuch(stream(linked));
    }

    @Test
    void numbersWithOneSlot() {
        Set<Integer> spread = new HashSet<>();
        for (int i = 0; i < 15_000; i++) {
            spread.add(i * 30_000);
        }
        assertTooMuch(stream(Set.copyOf(spread)));
        Set<Integer> good = new HashSet<>();
        for (int i = 0; i < 15_000; i++) {
            good.add(i * 7);
        }
        assertEquals(good, decode(stream(Set.copyOf(good))));
    }

    @Test
    void longTextsAreComparedInManyTables() {
        String text = "x".repeat(1_000_000);
        List<Object> maps = new ArrayList<>();
        Key one = new Key(1);
        Key two = new Key(2);
        for (int i = 0; i < 20_000; i++) {
            Map<Object, Object> map = new HashMap<>();
            map.put(new Both(one, null), null);
            map.put(new Both(two, null), null);
            maps.add(map);
        }
        assertTrue(decode(stream(maps)) instanceof List);
        List<Object> texts = new ArrayList<>();
        String other = text.substring(1) + "y";
        for (int i = 0; i < 20_000; i++) {
            texts.add(new HashSet<>(List.of(text, other)));
        }
        assertTooMuch(stream(texts));
        PriorityQueue<Object> queue = new PriorityQueue<>();
        String same = new String(text.toCharArray());
        queue.addAll(List.of(text, same));
        queue.addAll(Collections.nCopies(5_000, text));
        assertTooMuch(stream(queue));
    }

    @Test
    void equalSetsOfSetsWithOneHash() {
        // few keys at each level, each compared with all others to its end
        Set<Object> root = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            Set<Object> middle = new HashSet<>();
            for (int j = 0; j < 60; j++) {
                Set<Object> inner = new HashSet<>(keys(60));
                middle.add(new Both(inner, j));
            }
            Both key = new Both(middle, new Key(i));
            root.add(key);
        }
        DataBlock data = stream(root);
        Key.hasOneHash = true;
        assertTooMuch(data);
    }

    @Test
    void longLineOfParentClassesIsRefused() throws IOException {
        Forger forger = new Forger();
        forger.out.writeByte(ObjectStreamConstants.TC_ARRAY);
        forger.description(Object[].class);
        forger.handles++;
        forger.out.writeInt(2_000);
        for (int i = 0; i < 2_000; i++) {
            forger.out.writeByte(ObjectStreamConstants.TC_CLASS);
            forger.out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
            forger.out.writeUTF("java.util.ArrayList");
            forger.out.writeLong(0);
            forger.out.writeByte(ObjectStreamConstants.SC_SERIALIZABLE);
            forger.out.writeShort(0);
            forger.out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
            if (i == 0) {
                forger.out.writeByte(ObjectStreamConstants.TC_NULL);
            } else {
                forger.reference(forger.handles - 2);
            }
            forger.handles += 2;
        }
        assertTooMuch(forger.stream());
    }

    @Test
    void largeValuesInEarnest() {
        Map<Object, Object> byText = new HashMap<>();
        Map<Object, Object> byDate = new HashMap<>();
        Set<Object> pairs = new HashSet<>();
        for (int i = 0; i < 30_000; i++) {
            byText.put("the name of entry " + i, i);
            byDate.put(LocalDate.ofEpochDay(i), BigDecimal.valueOf(i, 2));
            pairs.add(new Both(i, List.of(i)));
        }
        List<Object> rows = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            rows.add(new LinkedHashMap<>(Map.of("name", "n" + i, "id", i, "description", "a longer text about " + i)));
        }
        Set<Object> sets = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Set<Object> set = new HashSet<>(keys(100 + i));
            sets.add(set);
        }
        Map<Object, Object> deep = new HashMap<>();
        for (int i = 0; i < 64; i++) {
            Set<Object> texts = new HashSet<>();
            for (int j = 0; j < 64; j++) {
                texts.add("text " + i * j);
            }
            deep.put(texts, Set.copyOf(texts));
        }
        EnumMap<Person.Role, Object> byRole = new EnumMap<>(Map.of(Person.Role.ADMIN, rows));
        for (Object value : List.of(
                byText,
                byDate,
                pairs,
                rows,
                sets,
                deep,
                byRole,
                new TreeMap<>(Map.of("a", byText)),
                new LinkedList<>(rows),
                filled(new HashMap<>(), keys(60_000)),
                filled(new Hashtable<>(), keys(60_000)),
                Map.copyOf(byText),
                Map.of(Set.of(1, 2, 3), Set.of("a", "b")))) {
            assertEquals(value, decode(stream(value)));
        }
        assertEquals(3, ((ArrayDeque<?>) decode(stream(new ArrayDeque<>(List.of(1, 2, 3))))).size());
    }

    @Test
    void objectsThatKnowTheirParent() {
        Order order = new Order();
        for (int i = 0; i < 20_000; i++) {
            order.items.add(new Item(i, order));
        }
        assertEquals(20_000, ((Order) decode(stream(order))).items.size());
        Order small = new Order();
        Map<Object, Object> prices = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            Item item = new Item(i, small);
            small.items.add(item);
            prices.put(item, i);
        }
        Object[] both = (Object[]) decode(stream(new Object[] {small, prices}));
        assertEquals(prices, both[1]);
    }

    @Test
    void unknownClassAmongManyKeysIsRefusedByItsName() {
        DataBlock data = stream(new Object[] {new Both(1, 2), new HashSet<>(keys(100))});
        JavaSerde without = serde.withClassLoader(new ClassLoader(null) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                if (name.endsWith("Both")) {
                    throw new ClassNotFoundException(name);
                }
                return JavaSerdeWorkTest.class.getClassLoader().loadClass(name);
            }
        });
        SerdeException refused =
                assertThrows(SerdeException.class, () -> without.decode("k", new EncodedValue(data, 7), ANYTHING));
        assertEquals(Reason.DECODE, refused.reason());
        assertTrue(String.valueOf(refused.getMessage()).contains("$Both"));
    }
}
