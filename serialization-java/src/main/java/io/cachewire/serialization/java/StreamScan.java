package io.cachewire.serialization.java;

import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.io.ObjectStreamConstants;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a serialization stream by its grammar (Java Object Serialization Specification, chapter 6) before any object
 * of it exists: the classes, the limits, and the one danger that an input filter cannot see. A set computes the hashes
 * of its elements while it is read, and elements that share others over several levels ("SerialDOS") make that take
 * time exponential in the stream's length. Here every object has its number of visits: itself, and all below it as
 * often as they can be reached.
 */
final class StreamScan implements ObjectStreamConstants {
    /** Visits for the hashes of all hash tables together: a fraction of a second. */
    private static final long MAX_HASH_VISITS = 10_000_000;

    /** No class has so many parents; nor are there classes in what was written about a class, in earnest. */
    private static final int MAX_NESTED_DESCRIPTIONS = 100;

    private static final Set<String> HASHING = Set.of("java.util.HashMap", "java.util.HashSet", "java.util.CollSer");

    /** A class as the stream describes it; {@code objects} and {@code primitiveBytes} are of its own fields. */
    private record Description(
            String name,
            int flags,
            int primitiveBytes,
            int objects,
            boolean hashing,
            @Nullable Description parent) {}

    private final ByteBuffer in;
    private final AllowList allowed;
    private final StreamLimits limits;

    /** What each handle stands for, the visits of a finished object or a {@link Description}. */
    private final List<Object> handles = new ArrayList<>();

    private int depth;
    private int openDescriptions;
    private int references;
    private long hashVisits;

    private StreamScan(byte[] stream, AllowList allowed, StreamLimits limits) {
        this.in = ByteBuffer.wrap(stream);
        this.allowed = allowed;
        this.limits = limits;
    }

    /** Throws when the stream is not exactly one object within the limits and of allowed classes. */
    static void check(byte[] stream, AllowList allowed, StreamLimits limits) {
        StreamScan scan = new StreamScan(stream, allowed, limits);
        try {
            if (scan.in.getShort() != STREAM_MAGIC || scan.in.getShort() != STREAM_VERSION) {
                throw wrong("are not a serialization stream");
            }
            scan.content();
        } catch (BufferUnderflowException e) {
            throw wrong("end before their object does");
        } catch (StackOverflowError e) {
            throw limit("objects nested deeper than this thread's stack");
        }
        if (scan.in.hasRemaining()) {
            throw wrong("go on after the end of the serialized value");
        }
    }

    /** One object, and its visits. */
    private long content() {
        if (++references > limits.maxReferences()) {
            throw limit("more than " + limits.maxReferences() + " references");
        }
        byte tag = in.get();
        switch (tag) {
            case TC_NULL:
                return 1;
            case TC_REFERENCE:
                return referred() instanceof Long visits ? visits : 1;
            case TC_STRING:
                return text(Short.toUnsignedInt(in.getShort()));
            case TC_LONGSTRING:
                return text(in.getLong());
            case TC_CLASS:
                requireDescription();
                handles.add(1L);
                return 1;
            case TC_CLASSDESC, TC_PROXYCLASSDESC:
                in.position(in.position() - 1);
                requireDescription();
                return 1;
            case TC_OBJECT, TC_ARRAY, TC_ENUM:
                if (++depth > limits.maxDepth()) {
                    throw limit("objects nested deeper than " + limits.maxDepth());
                }
                long visits = composite(tag);
                depth--;
                return visits;
            default:
                throw wrong("are not a serialized object");
        }
    }

    private long text(long length) {
        handles.add(1L);
        skip(length);
        return 1;
    }

    private long composite(byte tag) {
        Description type = requireDescription();
        int handle = handles.size();
        handles.add(1L); // what a cycle finds
        long visits = 1;
        if (tag == TC_ENUM) {
            content();
        } else {
            visits += tag == TC_ARRAY ? elements(type) : members(type);
        }
        handles.set(handle, visits);
        return visits;
    }

    private long elements(Description type) {
        int length = in.getInt();
        if (length < 0 || type.name().length() < 2 || type.name().charAt(0) != '[') {
            throw wrong("have no such array");
        }
        if (length > limits.maxArrayLength()) {
            throw limit("an array longer than " + limits.maxArrayLength());
        }
        char element = type.name().charAt(1);
        if (element != '[' && element != 'L') {
            skip((long) length * sizeOf(element));
            return 0;
        }
        long visits = 0;
        for (int i = 0; i < length; i++) {
            visits = sum(visits, content());
        }
        return visits;
    }

    /** The fields of all classes of an object, parents first, and what their {@code writeObject} wrote. */
    private long members(Description type) {
        List<Description> classes = new ArrayList<>();
        for (Description at = type; at != null; at = at.parent()) {
            classes.add(0, at);
        }
        long visits = 0;
        if ((type.flags() & SC_EXTERNALIZABLE) != 0) {
            if ((type.flags() & SC_BLOCK_DATA) == 0) {
                throw wrong("are of the first version of the protocol");
            }
            visits = annotation();
        } else {
            for (Description at : classes) {
                if ((at.flags() & SC_SERIALIZABLE) == 0) {
                    continue;
                }
                skip(at.primitiveBytes());
                for (int i = 0; i < at.objects(); i++) {
                    visits = sum(visits, content());
                }
                if ((at.flags() & SC_WRITE_METHOD) != 0) {
                    visits = sum(visits, annotation());
                }
            }
        }
        if (type.hashing()) {
            hashVisits = sum(hashVisits, visits);
            if (hashVisits > MAX_HASH_VISITS) {
                throw limit("hash tables over objects that share too many others");
            }
        }
        return visits;
    }

    /** Blocks of primitive data and objects up to the end mark. */
    private long annotation() {
        long visits = 0;
        while (true) {
            byte tag = in.get();
            switch (tag) {
                case TC_ENDBLOCKDATA:
                    return visits;
                case TC_BLOCKDATA:
                    skip(Byte.toUnsignedInt(in.get()));
                    break;
                case TC_BLOCKDATALONG:
                    skip(in.getInt());
                    break;
                default:
                    in.position(in.position() - 1);
                    visits = sum(visits, content());
                    break;
            }
        }
    }

    private Description requireDescription() {
        Description type = description();
        if (type == null) {
            throw wrong("have an object without a class");
        }
        return type;
    }

    private @Nullable Description description() {
        switch (in.get()) {
            case TC_NULL:
                return null;
            case TC_REFERENCE:
                if (referred() instanceof Description known) {
                    return known;
                }
                throw wrong("name an object where a class should be");
            case TC_PROXYCLASSDESC:
                throw StreamFilter.forbidden("java.lang.reflect.Proxy");
            case TC_CLASSDESC:
                return newDescription();
            default:
                throw wrong("have no class where one should be");
        }
    }

    private Description newDescription() {
        String name = name();
        if (!allowed.allows(name)) {
            throw StreamFilter.forbidden(name);
        }
        if (++openDescriptions > MAX_NESTED_DESCRIPTIONS) {
            throw limit("more than " + MAX_NESTED_DESCRIPTIONS + " classes nested");
        }
        in.getLong(); // the serialVersionUID
        int handle = handles.size();
        handles.add(1L);
        int flags = in.get();
        int primitiveBytes = 0;
        int objects = 0;
        for (int fields = Short.toUnsignedInt(in.getShort()); fields > 0; fields--) {
            char type = (char) in.get();
            skip(Short.toUnsignedInt(in.getShort())); // the field's name
            if (type == '[' || type == 'L') {
                objects++;
                content(); // the field's class, a text
            } else {
                primitiveBytes += sizeOf(type);
            }
        }
        annotation();
        Description parent = description();
        boolean hashing = HASHING.contains(name) || parent != null && parent.hashing();
        Description made = new Description(name, flags, primitiveBytes, objects, hashing, parent);
        handles.set(handle, made);
        openDescriptions--;
        return made;
    }

    private Object referred() {
        int handle = in.getInt() - baseWireHandle;
        if (handle < 0 || handle >= handles.size()) {
            throw wrong("refer to an object that is not there");
        }
        return handles.get(handle);
    }

    /** A class name. Other characters than ASCII are rare in one, and in none that is allowed without being named. */
    private String name() {
        int length = Short.toUnsignedInt(in.getShort());
        int from = in.position();
        skip(length);
        return new String(in.array(), from, length, StandardCharsets.UTF_8);
    }

    private static int sizeOf(char primitive) {
        return switch (primitive) {
            case 'B', 'Z' -> 1;
            case 'C', 'S' -> 2;
            case 'I', 'F' -> 4;
            case 'J', 'D' -> 8;
            default -> throw wrong("have a field of no known kind");
        };
    }

    private void skip(long bytes) {
        if (bytes < 0 || bytes > in.remaining()) {
            throw wrong("end before their object does");
        }
        in.position(in.position() + (int) bytes);
    }

    private static long sum(long a, long b) {
        return Math.min(a + b, Long.MAX_VALUE / 4);
    }

    private static SerdeException wrong(String how) {
        return new SerdeException(Reason.DECODE, "the bytes " + how, null);
    }

    private static SerdeException limit(String what) {
        return new SerdeException(Reason.LIMIT, "the serialized value has " + what, null);
    }
}
