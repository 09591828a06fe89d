package io.cachewire.serialization.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.Status;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamConstants;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.attack.Gadget;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes that someone else wrote into the cache. */
@Timeout(20)
final class JavaSerdeAttackTest {
    private static final ValueType<Object> ANYTHING = ValueType.of(Object.class);

    private final JavaSerde serde = JavaSerde.allowing("io.cachewire.serialization.java.**");

    @BeforeEach
    void forgetRuns() {
        Gadget.RUNS.set(0);
    }

    private static DataBlock stream(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
            output.writeObject(value);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return DataBlock.wrap(bytes.toByteArray());
    }

    private Object decode(DataBlock data) {
        return serde.decode("k", new EncodedValue(data, 7), ANYTHING);
    }

    private SerdeException assertRefused(Reason reason, DataBlock data) {
        SerdeException refused = assertThrows(SerdeException.class, () -> decode(data));
        assertEquals(reason, refused.reason(), refused::toString);
        assertEquals(0, Gadget.RUNS.get());
        return refused;
    }

    private static Object comparableProxy() {
        return Proxy.newProxyInstance(Gadget.class.getClassLoader(), new Class<?>[] {Comparable.class}, new Gadget());
    }

    @Test
    void classOutsideOfTheListNeverRuns() {
        Map<Object, Object> asKey = new HashMap<>();
        asKey.put(new Gadget(), 1);
        for (Object value : new Object[] {
            new Gadget(),
            new Gadget.Child(),
            new Gadget.Disguised(),
            Gadget.Choice.ONE,
            Gadget.class,
            new Gadget[0],
            new Gadget[2][3],
            new Object[] {"x", new Gadget()},
            new ArrayList<>(List.of(new Gadget())),
            new TreeMap<>(Map.of("a", new Gadget())),
            Map.of("a", List.of(new Gadget())),
            asKey,
            new PriorityQueue<>(List.of(1))
        }) {
            assertRefused(Reason.FORBIDDEN_CLASS, stream(value));
        }
        assertEquals(0, Gadget.RUNS.get());
    }

    @Test
    void classOutsideOfTheListIsNotEvenLoaded() {
        Set<String> asked = new HashSet<>();
        ClassLoader recording = new ClassLoader(getClass().getClassLoader()) {
            @Override
            public Class<?> loadClass(String name) throws ClassNotFoundException {
                asked.add(name);
                return super.loadClass(name);
            }
        };
        DataBlock attack = stream(new ArrayList<>(List.of(new Gadget())));
        assertThrows(
                SerdeException.class,
                () -> serde.withClassLoader(recording).decode("k", new EncodedValue(attack, 7), ANYTHING));
        assertTrue(asked.contains("java.util.ArrayList"));
        assertFalse(asked.contains(Gadget.class.getName()));
    }

    @Test
    void dynamicProxiesAreRefused() {
        assertRefused(Reason.FORBIDDEN_CLASS, stream(comparableProxy()));
        assertRefused(Reason.FORBIDDEN_CLASS, stream(new Object[] {comparableProxy()}));
    }

    @Test
    void lambdasAreRefused() {
        java.util.Comparator<String> byLength =
                (java.util.Comparator<String> & java.io.Serializable) (a, b) -> Integer.compare(a.length(), b.length());
        TreeMap<String, Integer> sorted = new TreeMap<>(byLength);
        sorted.put("a", 1);
        assertRefused(Reason.FORBIDDEN_CLASS, stream(sorted));
    }

    @Test
    void messageIsFitForALog() throws IOException {
        DataBlock forged = forged(out -> description(out, "evil\r\nINFO all is well" + "x".repeat(10_000), 0));
        SerdeException refused = assertRefused(Reason.FORBIDDEN_CLASS, forged);
        String message = String.valueOf(refused.getMessage());
        assertFalse(message.contains("\n"));
        assertTrue(message.length() < 300);
    }

    @Test
    void nestedSetsAreRefused() {
        Set<Object> root = new HashSet<>();
        Set<Object> left = root;
        Set<Object> right = new HashSet<>();
        for (int level = 0; level < 100; level++) {
            Set<Object> nextLeft = new HashSet<>();
            Set<Object> nextRight = new HashSet<>();
            nextLeft.add("foo"); // the two must differ
            left.add(nextLeft);
            left.add(nextRight);
            right.add(nextLeft);
            right.add(nextRight);
            left = nextLeft;
            right = nextRight;
        }
        assertRefused(Reason.LIMIT, stream(root));
    }

    @Test
    void collidingKeysTakeLittleTime() {
        // Every text of "Aa" and "BB" of one length has the same hash.
        List<String> texts = new ArrayList<>(List.of(""));
        for (int pair = 0; pair < 14; pair++) {
            List<String> longer = new ArrayList<>();
            for (String text : texts) {
                longer.add(text + "Aa");
                longer.add(text + "BB");
            }
            texts = longer;
        }
        assertEquals(1, texts.stream().mapToInt(String::hashCode).distinct().count());
        HashMap<String, Integer> collided = new HashMap<>();
        texts.forEach(text -> collided.put(text, 1));
        assertEquals(collided, decode(stream(collided)));
        HashMap<List<String>, Integer> notComparable = new LinkedHashMap<>();
        texts.subList(0, 2_000).forEach(text -> notComparable.put(new ArrayList<>(List.of(text)), 1));
        assertEquals(notComparable, decode(stream(notComparable)));
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        DataBlock deep = forged(out -> {
            objectArray(out, 1);
            for (int level = 0; level < 200_000; level++) {
                out.writeByte(ObjectStreamConstants.TC_ARRAY);
                out.writeByte(ObjectStreamConstants.TC_REFERENCE);
                out.writeInt(ObjectStreamConstants.baseWireHandle);
                out.writeInt(1);
            }
        });
        assertRefused(Reason.LIMIT, deep);
    }

    @Test
    void arrayHeaderWithoutItsElementsTakesNoMemory() throws IOException {
        var memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int length : new int[] {Integer.MAX_VALUE, 1 << 20, 5_000}) {
            assertRefused(Reason.LIMIT, forged(out -> objectArray(out, length)));
            assertRefused(Reason.LIMIT, forged(out -> {
                out.writeByte(ObjectStreamConstants.TC_ARRAY);
                description(out, "[J", ObjectStreamConstants.SC_SERIALIZABLE, -8655890849481815779L);
                out.writeInt(length);
            }));
        }
        List<Integer> numbers = new ArrayList<>();
        Map<Integer, Integer> squares = new HashMap<>();
        for (int i = 0; i < 57; i++) {
            numbers.add(i + 1_000);
            squares.put(i + 1_000, i * i + 1_000);
        }
        assertEquals(numbers, decode(withLength(numbers, 57, 57)));
        assertRefused(Reason.LIMIT, withLength(numbers, 57, 1 << 20));
        assertRefused(Reason.LIMIT, withLength(squares, 57, 1 << 20));
        assertRefused(Reason.LIMIT, withLength(new HashSet<>(numbers), 57, 1 << 20));
        long taken = memory.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertTrue(taken < 4 << 20, () -> taken + " bytes allocated");
    }

    /** The stream of a collection that pretends to another size. */
    private static DataBlock withLength(Object collection, int size, int pretended) {
        ByteBuffer bytes = ByteBuffer.wrap(stream(collection).toByteArray());
        int found = 0;
        for (int at = 0; at <= bytes.capacity() - Integer.BYTES; at++) {
            if (bytes.getInt(at) == size) {
                bytes.putInt(at, pretended);
                found++;
            }
        }
        assertTrue(found > 0);
        return DataBlock.wrap(bytes.array());
    }

    @Test
    void filterOfTheJvmIsAskedToo() {
        DataBlock allowed = stream(Person.ada());
        ObjectInputFilter refusing = info -> info.serialClass() == Person.class ? Status.REJECTED : Status.UNDECIDED;
        SerdeException refused = assertThrows(SerdeException.class, () -> serde.decode(allowed, ANYTHING, refusing));
        assertEquals(Reason.FORBIDDEN_CLASS, refused.reason());
        assertEquals(Person.ada(), serde.decode(allowed, ANYTHING, info -> Status.UNDECIDED));
        ObjectInputFilter allowingAll = info -> Status.ALLOWED;
        DataBlock attack = stream(new Gadget());
        refused = assertThrows(SerdeException.class, () -> serde.decode(attack, ANYTHING, allowingAll));
        assertEquals(Reason.FORBIDDEN_CLASS, refused.reason());
    }

    @Test
    void notAStream() {
        for (byte[] bytes : List.of(new byte[0], new byte[] {1, 2, 3, 4, 5}, new byte[100])) {
            assertRefused(Reason.DECODE, DataBlock.wrap(bytes));
        }
    }

    private interface Forger {
        void write(DataOutputStream out) throws IOException;
    }

    private static DataBlock forged(Forger forger) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(ObjectStreamConstants.STREAM_MAGIC);
        out.writeShort(ObjectStreamConstants.STREAM_VERSION);
        forger.write(out);
        return DataBlock.wrap(bytes.toByteArray());
    }

    private static void objectArray(DataOutputStream out, int length) throws IOException {
        out.writeByte(ObjectStreamConstants.TC_ARRAY);
        description(out, "[Ljava.lang.Object;", ObjectStreamConstants.SC_SERIALIZABLE, -8012369246846506644L);
        out.writeInt(length);
    }

    private static void description(DataOutputStream out, String name, long uid) throws IOException {
        out.writeByte(ObjectStreamConstants.TC_OBJECT);
        description(out, name, ObjectStreamConstants.SC_SERIALIZABLE, uid);
    }

    private static void description(DataOutputStream out, String name, int flags, long uid) throws IOException {
        out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
        out.writeUTF(name);
        out.writeLong(uid);
        out.writeByte(flags);
        out.writeShort(0);
        out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
        out.writeByte(ObjectStreamConstants.TC_NULL);
    }
}
