package io.cachewire.serialization.java;

import static io.cachewire.serialization.java.ForgedStream.description;
import static io.cachewire.serialization.java.ForgedStream.forged;
import static io.cachewire.serialization.java.ForgedStream.nestedArrays;
import static io.cachewire.serialization.java.ForgedStream.objectArray;
import static io.cachewire.serialization.java.ForgedStream.stream;
import static io.cachewire.serialization.java.ForgedStream.withLength;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.IllegalRequestException;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import io.cachewire.serde.EncodedValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.Status;
import java.io.ObjectStreamConstants;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.attack.Gadget;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.function.Executable;

/** Bytes that someone else wrote into the cache. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
final class JavaSerdeAttackTest {
    private static final ValueType<Object> ANYTHING = ValueType.of(Object.class);

    private final JavaSerde serde = JavaSerde.allowing("io.cachewire.serialization.java.**");

    @BeforeEach
    void forgetRuns() {
        Gadget.RUNS.set(0);
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
    @DisplayName("S08 a class outside of the allow-list never runs, wherever it stands in the value")
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

    /** Remembers which classes were asked for. */
    private static final class RecordingLoader extends ClassLoader {
        final Set<String> asked = new HashSet<>();

        RecordingLoader() {
            super(JavaSerdeAttackTest.class.getClassLoader());
        }

        @Override
        public Class<?> loadClass(String name) throws ClassNotFoundException {
            asked.add(name);
            return super.loadClass(name);
        }
    }

    @Test
    @DisplayName("S08 nothing is loaded from a stream with a forbidden class")
    void nothingIsLoadedFromAStreamWithAForbiddenClass() {
        RecordingLoader loader = new RecordingLoader();
        EncodedValue attack = new EncodedValue(stream(new ArrayList<>(List.of(new Gadget()))), 7);
        assertThrows(SerdeException.class, () -> serde.withClassLoader(loader).decode("k", attack, ANYTHING));
        assertEquals(Set.of(), loader.asked);
    }

    /** What stands behind the scan of the stream, should that ever read a stream in another way than the JDK. */
    @Test
    @DisplayName("S08 the input filter refuses by itself what the scan before it refuses")
    void streamItselfRefusesToo() throws Exception {
        AllowList allowed = new AllowList(List.of("com.example.*"));
        List<Object> forbidden = List.of(new ArrayList<>(List.of(new Gadget())), comparableProxy());
        List<Object> tooMuch = List.of(
                new Object[] {new Object[] {new Object[] {new Object[0]}}},
                new int[11],
                new ArrayList<>(Collections.nCopies(11, "x")));
        for (Object attack : forbidden) {
            assertEquals(Reason.FORBIDDEN_CLASS, refusalOfTheStreamItself(allowed, attack));
        }
        for (Object attack : tooMuch) {
            assertEquals(Reason.LIMIT, refusalOfTheStreamItself(allowed, attack));
        }
    }

    private static Reason refusalOfTheStreamItself(AllowList allowed, Object attack) throws IOException {
        RecordingLoader loader = new RecordingLoader();
        ByteArrayInputStream source = new ByteArrayInputStream(stream(attack).toByteArray());
        StreamFilter filter = new StreamFilter(allowed, new StreamLimits(3, 1_000, 10, 10_000), source, null);
        try (FilteredInput input = new FilteredInput(source, filter, List.of(loader), null, null)) {
            assertThrows(Exception.class, input::readObject);
        }
        assertFalse(loader.asked.contains(Gadget.class.getName()));
        assertEquals(0, Gadget.RUNS.get());
        return Objects.requireNonNull(filter.refusal()).reason();
    }

    /** The classes that published attacks start from or pass through; none of them is looked up. */
    private static final List<String> KNOWN_GADGETS = List.of(
            "org.apache.commons.collections.functors.InvokerTransformer",
            "org.apache.commons.collections.keyvalue.TiedMapEntry",
            "org.apache.commons.collections4.comparators.TransformingComparator",
            "org.apache.commons.beanutils.BeanComparator",
            "org.codehaus.groovy.runtime.MethodClosure",
            "org.springframework.core.SerializableTypeWrapper$MethodInvokeTypeProvider",
            "com.mchange.v2.c3p0.impl.PoolBackedDataSourceBase",
            "com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl",
            "com.sun.rowset.JdbcRowSetImpl",
            "sun.reflect.annotation.AnnotationInvocationHandler",
            "javax.management.BadAttributeValueExpException",
            "javax.swing.event.EventListenerList",
            "java.beans.beancontext.BeanContextSupport",
            "java.lang.invoke.SerializedLambda",
            "java.net.URL",
            "java.rmi.MarshalledObject",
            "java.rmi.server.RemoteObjectInvocationHandler",
            "java.rmi.server.UnicastRemoteObject",
            "java.security.SignedObject",
            "java.util.PriorityQueue",
            "java.util.Hashtable");

    @Test
    @DisplayName("S08 the classes of known gadget chains and of java.rmi are refused by name")
    void knownGadgetsAreRefused() throws IOException {
        for (String name : KNOWN_GADGETS) {
            assertRefused(Reason.FORBIDDEN_CLASS, forged(out -> description(out, name, 0)));
            assertRefused(Reason.FORBIDDEN_CLASS, forged(out -> {
                objectArray(out, 1);
                description(out, name, 0);
            }));
        }
        for (String pattern :
                List.of("java.rmi.**", "java.rmi.server.UnicastRemoteObject", "com.sun.rowset.*", "sun.**")) {
            assertThrows(IllegalRequestException.class, () -> JavaSerde.allowing(pattern), pattern);
        }
    }

    @Test
    @DisplayName("S08 depth, references, array length and bytes are limited exactly")
    void eachLimitIsExact() {
        ValueType<int[]> ints = ValueType.of(int[].class);
        EncodedValue array = new EncodedValue(stream(new int[100]), 7);
        assertEquals(100, serde.withMaxArrayLength(100).decode("k", array, ints).length);
        EncodedValue nested = new EncodedValue(stream(new Object[] {new Object[] {new Object[0]}}), 7);
        assertTrue(serde.withMaxDepth(3).decode("k", nested, ANYTHING) instanceof Object[]);
        int bytes = array.data().length();
        assertEquals(100, serde.withMaxBytes(bytes).decode("k", array, ints).length);
        EncodedValue texts = new EncodedValue(stream(new String[] {"a", "b", "c"}), 7);
        // the array, its elements, and the texts that describe nothing else
        assertTrue(serde.withMaxReferences(50).decode("k", texts, ANYTHING) instanceof String[]);
        for (Executable beyond : List.<Executable>of(
                () -> serde.withMaxArrayLength(99).decode("k", array, ints),
                () -> serde.withMaxDepth(2).decode("k", nested, ANYTHING),
                () -> serde.withMaxBytes(bytes - 1).decode("k", array, ints),
                () -> serde.withMaxReferences(3).decode("k", texts, ANYTHING))) {
            assertEquals(
                    Reason.LIMIT, assertThrows(SerdeException.class, beyond).reason());
        }
    }

    @Test
    @DisplayName("S08 proxies are refused")
    void dynamicProxiesAreRefused() {
        assertRefused(Reason.FORBIDDEN_CLASS, stream(comparableProxy()));
        assertRefused(Reason.FORBIDDEN_CLASS, stream(new Object[] {comparableProxy()}));
    }

    @Test
    @DisplayName("S08 lambdas are refused")
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
    @DisplayName("S08 nested sets that take exponential time are refused")
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

    /** Each level refers to the next one many times; the depth is allowed, the time is not. */
    private static Object shared(Supplier<? extends Collection<Object>> collection, int levels, int times) {
        Object below = new ArrayList<>(List.of("leaf"));
        for (int level = 0; level < levels; level++) {
            Collection<Object> next = collection.get();
            for (int i = 0; i < times; i++) {
                next.add(below);
            }
            below = next;
        }
        return below;
    }

    @Test
    @DisplayName("S08 hash tables over shared objects are refused")
    void setsOverSharedObjectsAreRefused() {
        // Hashing is what the attack makes slow, so the streams are made with an element that hashes fast, and then
        // changed.
        for (Object slow : List.of(shared(ArrayList::new, 15, 100), shared(LinkedList::new, 15, 100))) {
            ArrayList<Object> placeholder = new ArrayList<>();
            HashSet<Object> set = new HashSet<>(Set.of(placeholder));
            HashMap<Object, Object> map = new HashMap<>(Map.of(placeholder, 1));
            placeholder.add(slow);
            assertRefused(Reason.LIMIT, stream(set));
            assertRefused(Reason.LIMIT, stream(map));
            assertRefused(Reason.LIMIT, stream(new Object[] {"x", List.of(1, set)}));
        }
    }

    @Test
    void sharedObjectsAreFineWhereNothingIsHashed() {
        DataBlock data = stream(shared(ArrayList::new, 15, 100));
        assertTrue(decode(data) instanceof ArrayList);
        List<Object> common = new ArrayList<>(List.of("a", "b"));
        Map<Object, Object> some = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            some.put(i, common);
        }
        assertEquals(some, decode(stream(some)));
    }

    @Test
    @DisplayName("S08 a map of colliding keys is read in little time")
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
    @DisplayName("S08 nesting of any depth is refused before it uses up the stack")
    void deepNestingIsRefused() throws IOException {
        DataBlock deep = forged(out -> nestedArrays(out, 200_000));
        assertRefused(Reason.LIMIT, deep);
    }

    @Test
    void nestedClassDescriptionsAreRefused() throws IOException {
        assertRefused(Reason.LIMIT, forged(out -> {
            for (int level = 0; level < 100_000; level++) {
                out.writeByte(ObjectStreamConstants.TC_CLASS);
                out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
                out.writeUTF("java.util.ArrayList");
                out.writeLong(0);
                out.writeByte(ObjectStreamConstants.SC_SERIALIZABLE);
                out.writeShort(0);
            }
        }));
        JavaSerde trusting = serde.withMaxDepth(Integer.MAX_VALUE).withMaxReferences(Integer.MAX_VALUE);
        DataBlock deep = forged(out -> nestedArrays(out, 500_000));
        SerdeException refused =
                assertThrows(SerdeException.class, () -> trusting.decode("k", new EncodedValue(deep, 7), ANYTHING));
        assertEquals(Reason.LIMIT, refused.reason());
    }

    @Test
    void cutStreamIsADecodeErrorAtEveryByte() {
        byte[] whole = stream(Person.ada()).toByteArray();
        for (int end = 0; end < whole.length; end++) {
            assertRefused(Reason.DECODE, DataBlock.wrap(whole, 0, end));
        }
    }

    @Test
    @DisplayName("S08 damaged streams give serde exceptions only")
    void damagedStreamsGiveSerdeExceptionsOnly() {
        Random random = new Random(7);
        List<byte[]> streams = List.of(
                stream(Person.ada()).toByteArray(),
                stream(new HashMap<>(Map.of("a", List.of(1, 2L), 3.0, new int[5])))
                        .toByteArray(),
                stream(Map.of("a", Person.Role.ADMIN, "b", Person.Role.GUEST)).toByteArray());
        for (int round = 0; round < 30_000; round++) {
            byte[] damaged = streams.get(round % streams.size()).clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged[4 + random.nextInt(damaged.length - 4)] =
                        (byte) (random.nextBoolean() ? random.nextInt() : 0x70 + random.nextInt(15));
            }
            try {
                decode(DataBlock.wrap(damaged));
            } catch (SerdeException refused) {
                assertTrue(Set.of(Reason.DECODE, Reason.LIMIT, Reason.FORBIDDEN_CLASS)
                        .contains(refused.reason()));
            }
        }
    }

    @Test
    @DisplayName("S08 an array header of 2 GiB without its elements takes no memory")
    void arrayHeaderWithoutItsElementsTakesNoMemory() throws IOException {
        var memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int length : new int[] {Integer.MAX_VALUE, (1 << 20) + 1, 5_000}) {
            Reason reason = length == 5_000 ? Reason.DECODE : Reason.LIMIT;
            assertRefused(reason, forged(out -> objectArray(out, length)));
            assertRefused(reason, forged(out -> {
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

    @Test
    @DisplayName("S08 the serialization filter of the JVM is honoured too")
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
}
