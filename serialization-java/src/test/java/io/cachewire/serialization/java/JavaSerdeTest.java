package io.cachewire.serialization.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.IllegalRequestException;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import io.cachewire.serde.CacheMiss;
import io.cachewire.serde.Compression;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Format;
import io.cachewire.serde.SerdeChain;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import kotlin.Pair;
import org.attack.Gadget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JavaSerdeTest {
    private static final ValueType<Person> PERSON = ValueType.of(Person.class);

    private final JavaSerde serde = JavaSerde.allowing("io.cachewire.serialization.java.**");

    private static Object copy(JavaSerde serde, Object value) {
        return serde.decode("k", serde.encode("k", value, ValueType.ofValue(value)), ValueType.ofValue(value));
    }

    private static SerdeException refused(Reason reason, org.junit.jupiter.api.function.Executable call) {
        SerdeException refused = assertThrows(SerdeException.class, call);
        assertEquals(reason, refused.reason());
        return refused;
    }

    @Test
    void flagsAreSeven() {
        EncodedValue stored = serde.encode("k", Person.ada(), PERSON);
        assertEquals(7, stored.flags());
        assertEquals(Person.ada(), serde.decode("k", stored, PERSON));
        JavaSerde spy =
                serde.withFlagScheme(FlagScheme.builder().format(Format.JAVA, 1).build());
        assertEquals(1, spy.encode("k", Person.ada(), PERSON).flags());
        assertTrue(spy.decodes(1));
        assertFalse(spy.decodes(7));
        assertThrows(
                IllegalArgumentException.class,
                () -> serde.withFlagScheme(FlagScheme.builder().build()));
    }

    @Test
    void takesSerializableTypesWithoutARawForm() {
        for (Class<?> type :
                List.of(Person.class, ArrayList.class, Date.class, int[].class, Person[].class, float.class)) {
            assertTrue(serde.encodes(ValueType.of(type)), type::getName);
        }
        for (Class<?> type : List.of(
                String.class,
                byte[].class,
                DataBlock.class,
                Boolean.class,
                int.class,
                Long.class,
                Double.class,
                Object.class,
                Serializable.class,
                Comparable.class,
                Number.class,
                List.class,
                Thread.class)) {
            assertFalse(serde.encodes(ValueType.of(type)), type::getName);
        }
    }

    @Test
    void declaredAsAnInterfaceInAChain() {
        SerdeChain chain = new SerdeChain(List.of(serde), FlagScheme.DEFAULT, Compression.none(), 1 << 20);
        ValueType<List<Person>> people = new ValueType<>() {};
        EncodedValue stored = chain.encode("k", List.of(Person.ada()), people);
        assertEquals(7, stored.flags());
        assertEquals(List.of(Person.ada()), chain.decode("k", stored, people));
        assertEquals(
                1, chain.encode("k", "text", ValueType.of(Serializable.class)).flags());
        assertEquals(4, chain.encode("k", 5, ValueType.of(Number.class)).flags());
    }

    @Test
    void usualCollections() {
        for (Object value : List.of(
                List.of(1),
                List.of(1, 2, 3),
                Set.of("a", "b"),
                Map.of("a", 1, "b", 2),
                Arrays.asList(1, 2),
                Collections.emptyList(),
                Collections.singletonMap("a", 1),
                Collections.unmodifiableList(List.of(1)),
                Collections.unmodifiableMap(new TreeMap<>(Map.of("a", 1))),
                new ArrayList<>(List.of(List.of(1))),
                new Pair<>("a", 1),
                java.util.Locale.ROOT,
                java.util.BitSet.valueOf(new long[] {5}),
                java.math.BigInteger.TWO.pow(100))) {
            assertEquals(value, copy(serde, value));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "**",
                ".**",
                "com.*.User",
                "com.example.***",
                "java.**",
                "java.util.*",
                "javax.swing.**",
                "kotlin.**",
                "java.rmi.server.UnicastRemoteObject",
                "java.lang.reflect.Proxy",
                "java.lang.invoke.SerializedLambda",
                "com.sun.**",
                "sun.**",
                "jdk.**",
                "com.sun.rowset.JdbcRowSetImpl",
                "[Lcom.example.User;"
            })
    void patternsThatAreRefused(String pattern) {
        assertThrows(IllegalRequestException.class, () -> JavaSerde.allowing(pattern));
    }

    @Test
    void allowListIsMandatory() {
        assertThrows(IllegalRequestException.class, JavaSerde::allowing);
        assertEquals(0, JavaSerde.class.getConstructors().length);
    }

    @Test
    void patterns() {
        AllowList list = new AllowList(List.of("a.b.*", "c.d.**", "e.F", "java.net.URI", "com.**"));
        for (String name : List.of(
                "a.b.X",
                "a.b.X$Y",
                "c.d.X",
                "c.d.e.f.X",
                "e.F",
                "java.net.URI",
                "[La.b.X;",
                "[[Lc.d.X;",
                "[I",
                "[[J",
                "com.example.X",
                "java.lang.String",
                "java.util.HashMap")) {
            assertTrue(list.allows(name), name);
        }
        for (String name : List.of(
                "a.b.c.X",
                "a.bX",
                "c.dX",
                "e.F$G",
                "e.FG",
                "X",
                "",
                "[Lx.Y;",
                "java.net.URL",
                "com.sun.rowset.JdbcRowSetImpl",
                "java.util.PriorityQueue",
                "java.lang.Runtime",
                "[",
                "[L",
                "[Lx.Y",
                "a",
                "java.rmi.server.RemoteObject")) {
            assertFalse(list.allows(name), name);
        }
    }

    @Test
    void classThatCouldNotBeReadIsNotWritten() {
        JavaSerde narrow = JavaSerde.allowing("com.example.*");
        for (Object value : List.of(
                Person.ada(),
                new ArrayList<>(List.of(Person.ada())),
                Person.Role.ADMIN,
                new Gadget(),
                new Gadget.Child(),
                new Gadget.Disguised(),
                new Person[0],
                Person.class,
                new IOException("x"))) {
            SerdeException refused =
                    refused(Reason.FORBIDDEN_CLASS, () -> narrow.encode("k", value, ValueType.ofValue(value)));
            assertTrue(String.valueOf(refused.getMessage()).contains("is not on the allow-list"));
        }
    }

    @Test
    void memberThatIsNotSerializable() {
        ArrayList<Object> list = new ArrayList<>(List.of(new Object()));
        SerdeException refused = refused(Reason.ENCODE, () -> serde.encode("k", list, ValueType.ofValue(list)));
        assertEquals(NotSerializableException.class, refused.getCause().getClass());
        assertTrue(String.valueOf(refused.getMessage()).contains("java.lang.Object is not serializable"));
    }

    @Test
    void anotherTypeAndNull() {
        EncodedValue stored = serde.encode("k", Person.ada(), PERSON);
        refused(Reason.DECODE, () -> serde.decode("k", stored, ValueType.of(Date.class)));
        DataBlock nothing = DataBlock.wrap(new byte[] {(byte) 0xac, (byte) 0xed, 0, 5, 0x70});
        refused(Reason.DECODE, () -> serde.decode("k", new EncodedValue(nothing, 7), PERSON));
    }

    @Test
    void bytesAfterTheEnd() {
        byte[] whole = serde.encode("k", Person.ada(), PERSON).data().toByteArray();
        for (byte more : new byte[] {0, 0x70, 0x73, 0x77}) {
            byte[] longer = Arrays.copyOf(whole, whole.length + 1);
            longer[whole.length] = more;
            refused(Reason.DECODE, () -> serde.decode("k", new EncodedValue(DataBlock.wrap(longer), 7), PERSON));
        }
    }

    @Test
    void bytesAreBoundedBothWays() {
        EncodedValue stored = serde.encode("k", Person.ada(), PERSON);
        int length = stored.data().length();
        assertEquals(Person.ada(), copy(serde.withMaxBytes(length), Person.ada()));
        JavaSerde small = serde.withMaxBytes(length - 1);
        refused(Reason.LIMIT, () -> small.encode("k", Person.ada(), PERSON));
        refused(Reason.LIMIT, () -> small.decode("k", stored, PERSON));
    }

    @Test
    void limitsAreExact() {
        Object[] nested = {new Object[] {new Object[] {"x"}}};
        assertTrue(Arrays.deepEquals(nested, (Object[]) copy(serde.withMaxDepth(3), nested)));
        refused(Reason.LIMIT, () -> copy(serde.withMaxDepth(2), nested));
        assertEquals(4, ((int[]) copy(serde.withMaxArrayLength(4), new int[4])).length);
        refused(Reason.LIMIT, () -> copy(serde.withMaxArrayLength(3), new int[4]));
        List<Date> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(new Date(i));
        }
        assertEquals(many, copy(serde.withMaxReferences(200), many));
        refused(Reason.LIMIT, () -> copy(serde.withMaxReferences(99), many));
        for (int wrong : new int[] {0, -1}) {
            assertThrows(IllegalRequestException.class, () -> serde.withMaxDepth(wrong));
            assertThrows(IllegalRequestException.class, () -> serde.withMaxReferences(wrong));
            assertThrows(IllegalRequestException.class, () -> serde.withMaxArrayLength(wrong));
            assertThrows(IllegalRequestException.class, () -> serde.withMaxBytes(wrong));
        }
    }

    record Reference(int id) implements Serializable {}

    @Test
    void objectsThatLiveElsewhere() {
        Thread elsewhere = new Thread(() -> {}, "connection");
        UnaryOperator<Object> out = object -> object instanceof Thread ? new Reference(7) : object;
        UnaryOperator<Object> in =
                object -> object instanceof Reference reference && reference.id() == 7 ? elsewhere : object;
        JavaSerde hooked = serde.replacing(out).resolving(in);
        ArrayList<Object> list = new ArrayList<>(List.of("x", elsewhere));
        assertEquals(list, copy(hooked, list));
        JavaSerde bad = serde.replacing(object -> object instanceof Thread ? new Gadget() : object);
        refused(Reason.FORBIDDEN_CLASS, () -> bad.encode("k", list, ValueType.ofValue(list)));
    }

    static final class OldVersion implements Serializable {
        private void readObject(ObjectInputStream input) {
            throw new CacheMiss("written by version 1");
        }
    }

    @Test
    void valueOfAnotherVersionIsAMiss() {
        SerdeChain chain = new SerdeChain(List.of(serde), FlagScheme.DEFAULT, Compression.none(), 1 << 20);
        ValueType<OldVersion> type = ValueType.of(OldVersion.class);
        assertNull(chain.decode("k", chain.encode("k", new OldVersion(), type), type));
    }

    @Test
    void classLoaderCanBeChosen() throws Exception {
        EncodedValue stored = serde.encode("k", Person.ada(), PERSON);
        try (URLClassLoader empty = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
            SerdeException refused =
                    refused(Reason.DECODE, () -> serde.withClassLoader(empty).decode("k", stored, PERSON));
            assertEquals(ClassNotFoundException.class, refused.getCause().getClass());
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            try {
                thread.setContextClassLoader(empty);
                assertEquals(Person.ada(), serde.decode("k", stored, PERSON));
                thread.setContextClassLoader(null);
                assertEquals(Person.ada(), serde.decode("k", stored, PERSON));
            } finally {
                thread.setContextClassLoader(before);
            }
        }
    }
}
