package io.cachewire.serialization.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import io.cachewire.IllegalRequestException;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import io.cachewire.serde.EncodedValue;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the message says of a value that another version of a program stored. */
final class JavaSerdeMessagesTest {
    private final JavaSerde serde = JavaSerde.allowing("io.cachewire.serialization.java.**");

    static final class Secretive implements Serializable {
        private void readObject(ObjectInputStream input) throws InvalidObjectException {
            throw new InvalidObjectException("the secret is 42");
        }
    }

    static final class Point implements Serializable {
        int x = 1;
    }

    private String message(DataBlock data, Class<?> type) {
        SerdeException refused = assertThrows(
                SerdeException.class, () -> serde.decode("k", new EncodedValue(data, 7), ValueType.of(type)));
        assertEquals(Reason.DECODE, refused.reason());
        return String.valueOf(refused.getMessage());
    }

    private static DataBlock patched(Object value, byte[] from, byte[] to) {
        byte[] bytes = ForgedStream.stream(value).toByteArray();
        int found = 0;
        for (int i = 0; i + from.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + from.length, from, 0, from.length)) {
                System.arraycopy(to, 0, bytes, i, to.length);
                found++;
            }
        }
        assertTrue(found > 0);
        return DataBlock.wrap(bytes);
    }

    private static DataBlock patched(Object value, String from, String to) {
        return patched(value, from.getBytes(StandardCharsets.UTF_8), to.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anotherVersionOfTheClass() {
        long id = Objects.requireNonNull(ObjectStreamClass.lookup(Point.class)).getSerialVersionUID();
        byte[] before = ByteBuffer.allocate(8).putLong(id).array();
        byte[] after = ByteBuffer.allocate(8).putLong(id + 1).array();
        String message = message(patched(new Point(), before, after), Point.class);
        assertTrue(
                message.contains("local class incompatible: stream classdesc serialVersionUID = " + (id + 1)), message);
        assertTrue(message.contains("another version of the class") && message.contains("delete the item"), message);
    }

    @Test
    void aClassThatIsGone() {
        String message = message(patched(new Point(), "Test$Point", "Test$Joint"), Point.class);
        assertTrue(message.contains("JavaSerdeMessagesTest$Joint, which is not there"), message);
        assertTrue(message.contains("renamed or removed"), message);
    }

    @Test
    void aConstantThatIsGone() {
        String message = message(patched(Person.Role.ADMIN, "ADMIN", "OWNER"), Person.Role.class);
        assertTrue(message.contains("enum constant OWNER does not exist"), message);
        assertTrue(message.contains("another version of the class"), message);
    }

    @Test
    void whatAClassItselfSaysIsNotRepeated() {
        String message = message(ForgedStream.stream(new Secretive()), Secretive.class);
        assertTrue(message.contains("java.io.InvalidObjectException") && !message.contains("42"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "J$*",
                "com.example.",
                "com.example.*x",
                "com..example",
                "com.example.**.x",
                "",
                " a",
                "a b",
                "*",
                "**",
                "com/example/User",
                "1a",
                "[I",
                ".a",
                ".**",
                "com.example.User;"
            })
    void patternThatIsNone(String pattern) {
        assertThrows(IllegalRequestException.class, () -> JavaSerde.allowing(pattern));
    }

    @Test
    void patternsOfAllKinds() {
        for (String pattern :
                List.of("User", "com.example.User$Role", "com.example.$Proxy1", "_a.Ü.*", "com.example.**")) {
            assertTrue(JavaSerde.allowing(pattern).decodes(7), pattern);
        }
    }

    @Test
    void theLoaderOfTheClassAskedForIsUsed() throws Exception {
        URL classes = getClass().getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader application = new URLClassLoader(new URL[] {classes}, ValueType.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                return name.equals(Point.class.getName()) ? findClass(name) : super.loadClass(name, resolve);
            }
        }) {
            Class<?> point = application.loadClass(Point.class.getName());
            EncodedValue stored = new EncodedValue(ForgedStream.stream(new Point()), 7);
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            try {
                thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
                assertEquals(
                        point, serde.decode("k", stored, ValueType.of(point)).getClass());
            } finally {
                thread.setContextClassLoader(before);
            }
        }
    }
}
