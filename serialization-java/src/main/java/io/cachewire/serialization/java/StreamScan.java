package io.cachewire.serialization.java;

import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import java.io.ObjectStreamConstants;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a serialization stream by its grammar (Java Object Serialization Specification, chapter 6) before any object
 * of it exists: the classes, the limits, and the one danger that an input filter cannot see. Hash tables compute the hashes
 * of their keys while they are read and compare equal ones, and keys that share others over several levels ("SerialDOS"),
 * or have one hash, make that take any time. Here all of it is counted on a model of the objects ({@link ScannedObject}),
 * and what only the classes know, the hashes of their objects, is left to a {@link HashPlan}.
 */
final class StreamScan implements ObjectStreamConstants {
    /** No class has so many parents; nor are there classes in what was written about a class, in earnest. */
    private static final int MAX_NESTED_DESCRIPTIONS = 100;

    /** Up to so many keys are taken to have one hash. */
    private static final int FEW_KEYS = 8;

    /** In a table that is part of a key, a key may be compared with so many on average. */
    private static final int COMPARISONS_IN_KEY = 16;

    private static final int IMMUTABLE_LIST = 1;
    private static final int IMMUTABLE_SET = 2;
    private static final int IMMUTABLE_LIST_WITH_NULLS = 4;

    /** Newer versions of the JDK keep the load factor of a {@code Hashtable} between these. */
    private static final float LEAST_LOAD = 0.25f;

    private static final float MOST_LOAD = 4;

    private static final Map<String, HashTable.Kind> TABLES = Map.of(
            "java.util.HashMap",
            HashTable.Kind.TREES,
            "java.util.HashSet",
            HashTable.Kind.TREES,
            "java.util.concurrent.ConcurrentHashMap",
            HashTable.Kind.TREES,
            "java.util.Hashtable",
            HashTable.Kind.LISTS,
            "java.util.CollSer",
            HashTable.Kind.PROBING,
            "java.util.PriorityQueue",
            HashTable.Kind.ORDERED,
            "java.util.concurrent.ConcurrentSkipListMap",
            HashTable.Kind.ORDERED);

    private static final Set<String> OF_ELEMENTS = Set.of("java.util.HashSet", "java.util.PriorityQueue");

    /** Collections whose hash is made of all their parts. */
    private static final Set<String> STRUCTURAL = Set.of(
            "java.util.HashMap",
            "java.util.LinkedHashMap",
            "java.util.HashSet",
            "java.util.LinkedHashSet",
            "java.util.Hashtable",
            "java.util.concurrent.ConcurrentHashMap",
            "java.util.TreeMap",
            "java.util.TreeSet",
            "java.util.EnumMap",
            "java.util.ArrayList",
            "java.util.LinkedList",
            "java.util.Vector",
            "java.util.Stack",
            "java.util.CollSer",
            "java.util.Arrays$ArrayList",
            "java.util.AbstractMap$SimpleEntry",
            "java.util.AbstractMap$SimpleImmutableEntry",
            "java.util.Collections$SingletonList",
            "java.util.Collections$SingletonMap",
            "java.util.Collections$SingletonSet",
            "java.util.Collections$UnmodifiableList",
            "java.util.Collections$UnmodifiableRandomAccessList",
            "java.util.Collections$UnmodifiableMap",
            "java.util.Collections$UnmodifiableSet",
            "kotlin.Pair",
            "kotlin.Triple");

    /** Classes whose equal hashes a tree of the table sorts by {@code compareTo}. */
    private static final Set<String> SORTED = Set.of(
            "java.lang.Byte",
            "java.lang.Character",
            "java.lang.Double",
            "java.lang.Float",
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Short",
            "java.math.BigInteger",
            "java.util.Date",
            "java.util.UUID");

    private static final String TEXT = "text";
    private static final String MIXED = "mixed";

    /**
     * A class as the stream describes it; {@code objects} and {@code primitiveBytes} are of its own fields.
     *
     * @param number where the one number is that says more: a load factor, or what a collection is
     */
    private record Description(
            String name,
            int flags,
            int primitiveBytes,
            int objects,
            int number,
            int levels,
            @Nullable Description parent) {}

    /** The keys of one table on the way; {@code sort} is the class of all of them, null while there is none. */
    private static final class Keys {
        final List<ScannedObject> keys = new ArrayList<>();
        final List<Integer> times = new ArrayList<>();

        @Nullable
        String sort;

        long equal;

        /** Bytes of the first block, before the keys. */
        int blockFrom;

        int blockLength;
    }

    private final ByteBuffer in;
    private final AllowList allowed;
    private final StreamLimits limits;
    private final int streamBytes;
    private final HashWork work;
    private final List<KeyUse> uses = new ArrayList<>();

    /** What each handle stands for, a {@link ScannedObject} or a {@link Description}. */
    private final List<Object> handles = new ArrayList<>();

    private int depth;
    private int openDescriptions;
    private int references;
    private int resolved;
    private int tables;

    /** How many of the tables around take what is here as part of a key. */
    private int withinKeys;

    private StreamScan(byte[] stream, AllowList allowed, StreamLimits limits) {
        this.in = ByteBuffer.wrap(stream);
        this.allowed = allowed;
        this.limits = limits;
        this.streamBytes = stream.length;
        this.work = new HashWork(stream.length);
    }

    /**
     * Throws when the stream is not exactly one object within the limits and of allowed classes.
     *
     * @return what is to be counted while it is read, or null when that is nothing
     */
    static @Nullable HashPlan check(byte[] stream, AllowList allowed, StreamLimits limits) {
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
        if (scan.uses.isEmpty()) {
            return null;
        }
        scan.uses.sort(Comparator.comparingInt(KeyUse::when));
        return new HashPlan(scan.uses, scan.work);
    }

    /** One object. */
    private ScannedObject content() {
        count();
        byte tag = in.get();
        switch (tag) {
            case TC_NULL:
                return ScannedObject.LEAF;
            case TC_REFERENCE:
                return referred() instanceof ScannedObject known ? known : ScannedObject.LEAF;
            case TC_STRING:
                return resolved(text(Short.toUnsignedInt(in.getShort())), TEXT);
            case TC_LONGSTRING:
                return resolved(text(in.getLong()), TEXT);
            case TC_CLASS:
                requireDescription();
                handles.add(ScannedObject.LEAF);
                return ScannedObject.LEAF;
            case TC_CLASSDESC, TC_PROXYCLASSDESC:
                in.position(in.position() - 1);
                requireDescription();
                return ScannedObject.LEAF;
            case TC_OBJECT, TC_ARRAY, TC_ENUM:
                if (++depth > limits.maxDepth()) {
                    throw limit("objects nested deeper than " + limits.maxDepth());
                }
                Description type = requireDescription();
                ScannedObject object = composite(tag, type);
                depth--;
                return resolved(object, tag == TC_ENUM ? ScannedObject.IDENTITY : type.name());
            default:
                throw wrong("are not a serialized object");
        }
    }

    private void count() {
        if (++references > limits.maxReferences()) {
            throw limit("more than " + limits.maxReferences() + " references");
        }
    }

    /** The object has been read: what a stream tells its {@code resolveObject}. */
    private ScannedObject resolved(ScannedObject object, String sort) {
        object.finish(++resolved, sort);
        return object;
    }

    private ScannedObject text(long length) {
        skip(length);
        ScannedObject text = new ScannedObject(true, length);
        handles.add(text);
        return text;
    }

    private ScannedObject composite(byte tag, Description type) {
        if (tag == TC_ENUM) {
            ScannedObject constant = new ScannedObject(true, 0);
            handles.add(constant);
            label();
            return constant;
        }
        if (tag == TC_ARRAY) {
            return array(type);
        }
        ScannedObject object = new ScannedObject(STRUCTURAL.contains(type.name()), 0);
        handles.add(object);
        members(object, type);
        return object;
    }

    private ScannedObject array(Description type) {
        int handle = handles.size();
        handles.add(ScannedObject.LEAF);
        int length = in.getInt();
        if (length < 0 || type.name().length() < 2 || type.name().charAt(0) != '[') {
            throw wrong("have no such array");
        }
        if (length > limits.maxArrayLength()) {
            throw limit("an array longer than " + limits.maxArrayLength());
        }
        char element = type.name().charAt(1);
        if (element != '[' && element != 'L') {
            long bytes = (long) length * sizeOf(element);
            skip(bytes);
            ScannedObject numbers = new ScannedObject(true, bytes);
            numbers.hashesBytes();
            handles.set(handle, numbers);
            return numbers;
        }
        ScannedObject array = new ScannedObject(true, 0);
        handles.set(handle, array);
        for (int i = 0; i < length; i++) {
            array.add(content());
        }
        return array;
    }

    /** A text that is no object: the name of a constant or of a field's class. */
    private void label() {
        count();
        switch (in.get()) {
            case TC_STRING -> text(Short.toUnsignedInt(in.getShort())).finish(0, TEXT);
            case TC_LONGSTRING -> text(in.getLong()).finish(0, TEXT);
            case TC_REFERENCE -> {
                if (!(referred() instanceof ScannedObject)) {
                    throw wrong("name a class where a text should be");
                }
            }
            default -> throw wrong("have something else where a name should be");
        }
    }

    /** The fields of all classes of an object, parents first, and what their {@code writeObject} wrote. */
    private void members(ScannedObject object, Description type) {
        if ((type.flags() & SC_EXTERNALIZABLE) != 0) {
            if ((type.flags() & SC_BLOCK_DATA) == 0) {
                throw wrong("are of the first version of the protocol");
            }
            annotation(object, null, 0);
            return;
        }
        Description[] classes = new Description[type.levels()];
        int level = type.levels();
        for (Description at = type; at != null; at = at.parent()) {
            classes[--level] = at;
        }
        for (Description at : classes) {
            if ((at.flags() & SC_SERIALIZABLE) == 0) {
                continue;
            }
            int from = in.position();
            skip(at.primitiveBytes());
            int number = at.number() < 0 ? 0 : in.getInt(from + at.number());
            fields(object, at.objects());
            if ((at.flags() & SC_WRITE_METHOD) != 0) {
                annotation(object, at, number);
            }
        }
    }

    /** Fields are set when all of them have been read. */
    private void fields(ScannedObject object, int count) {
        if (count == 1) {
            object.add(content());
        } else if (count > 1) {
            List<ScannedObject> fields = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                fields.add(content());
            }
            fields.forEach(object::add);
        }
    }

    /** Blocks of primitive data and objects up to the end mark. */
    private void annotation(ScannedObject object, @Nullable Description type, int number) {
        HashTable.Kind kind = type == null ? null : TABLES.get(type.name());
        if (type == null || kind == null || (kind == HashTable.Kind.PROBING && isList(number))) {
            while (nextOfAnnotation(null)) {
                object.add(content());
            }
            return;
        }
        boolean isProbing = kind == HashTable.Kind.PROBING;
        boolean isSet = OF_ELEMENTS.contains(type.name()) || (isProbing && (number & 0xff) == IMMUTABLE_SET);
        Keys keys = new Keys();
        int objects = 0;
        while (nextOfAnnotation(keys)) {
            withinKeys++;
            ScannedObject key = content();
            withinKeys--;
            objects++;
            int time = resolved;
            if (!isSet && nextOfAnnotation(null)) {
                object.add(content());
                objects++;
            } else if (!isSet) {
                break;
            }
            // as the JDK does: the hash is computed when the value has been read
            if (!isProbing) {
                work.take(key.hashVisits(streamBytes, work));
                object.addKey(key);
            }
            admit(keys, key, time);
        }
        if (isProbing) {
            if (keys.blockLength != Integer.BYTES || in.getInt(keys.blockFrom) != objects) {
                throw wrong("have a collection of another length than they say");
            }
            for (ScannedObject key : keys.keys) {
                work.take(key.hashVisits(streamBytes, work));
                object.addKey(key);
            }
        }
        finish(object, kind, number, keys);
    }

    /** What the JDK's immutable collections say of themselves. */
    private static boolean isList(int tag) {
        return (tag & 0xff) == IMMUTABLE_LIST || (tag & 0xff) == IMMUTABLE_LIST_WITH_NULLS;
    }

    private static void admit(Keys keys, ScannedObject key, int time) {
        if (key == ScannedObject.LEAF) {
            return;
        }
        keys.sort = keys.sort == null || key.sort().equals(keys.sort) ? key.sort() : MIXED;
        keys.keys.add(key);
        keys.times.add(time);
    }

    private void finish(ScannedObject object, HashTable.Kind kind, int number, Keys keys) {
        int size = keys.keys.size();
        if (size < 2 || ScannedObject.IDENTITY.equals(keys.sort)) {
            return;
        }
        for (ScannedObject key : keys.keys) {
            keys.equal = HashWork.sum(keys.equal, key.equalVisits(streamBytes, work));
        }
        boolean isSorted = keys.sort != null && (keys.sort.equals(TEXT) || SORTED.contains(keys.sort));
        int comparisons;
        if (kind == HashTable.Kind.ORDERED) {
            comparisons = 2;
        } else if (size <= FEW_KEYS) {
            comparisons = (size + 1) / 2;
        } else if (isSorted && kind == HashTable.Kind.TREES) {
            comparisons = Integer.SIZE - Integer.numberOfLeadingZeros(size);
        } else {
            plan(object, kind, number, keys);
            return;
        }
        object.comparisonsPerKey(comparisons);
        work.take(HashWork.product(comparisons, keys.equal));
    }

    /** The hashes will be known when the keys are there. */
    private void plan(ScannedObject object, HashTable.Kind kind, int number, Keys keys) {
        int size = keys.keys.size();
        int slots = kind == HashTable.Kind.PROBING ? 2 * size : buckets(keys, Float.intBitsToFloat(number));
        boolean isPartOfKey = withinKeys > 0;
        long most = isPartOfKey ? HashWork.product(COMPARISONS_IN_KEY, keys.equal) : Long.MAX_VALUE;
        HashTable table = new HashTable(tables++, kind, slots, most);
        if (isPartOfKey) {
            object.comparisonsPerKey(2 * COMPARISONS_IN_KEY);
        } else {
            object.mayHaveAnyComparisons();
        }
        for (int i = 0; i < size; i++) {
            ScannedObject key = keys.keys.get(i);
            int time = keys.times.get(i);
            boolean isKnown = key.ordinal() > 0 && (key.ordinal() == time || key.hasStableHash());
            // each hash is computed once more
            work.take(key.hashVisits(streamBytes, work));
            long equal = HashWork.sum(1, key.equalVisits(streamBytes, work));
            uses.add(new KeyUse(table, time, isKnown ? key.ordinal() : 0, equal));
        }
    }

    /** The length of the array of a {@code Hashtable}, as that computes it, or less. */
    private int buckets(Keys keys, float loadFactor) {
        if (keys.blockLength != 2 * Integer.BYTES || !(loadFactor > 0 && loadFactor <= MOST_LOAD)) {
            return 1;
        }
        float load = Math.max(loadFactor, LEAST_LOAD);
        int stored = in.getInt(keys.blockFrom);
        int elements = in.getInt(keys.blockFrom + Integer.BYTES);
        int least = (int) (elements / load) + 1;
        int length = (int) ((elements + elements / 20) / load) + 3;
        if (length > elements && (length & 1) == 0) {
            length--;
        }
        return Math.max(1, Math.min(length, Math.max(stored, least)));
    }

    /** Whether another object comes. The first block before the first of all is noted in {@code keys}. */
    private boolean nextOfAnnotation(@Nullable Keys keys) {
        while (true) {
            int length;
            switch (in.get()) {
                case TC_ENDBLOCKDATA:
                    return false;
                case TC_BLOCKDATA:
                    length = Byte.toUnsignedInt(in.get());
                    break;
                case TC_BLOCKDATALONG:
                    length = in.getInt();
                    break;
                default:
                    in.position(in.position() - 1);
                    return true;
            }
            if (keys != null && keys.keys.isEmpty()) {
                keys.blockFrom = in.position();
                keys.blockLength += length;
            }
            skip(length);
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
        handles.add(ScannedObject.LEAF);
        int flags = in.get();
        int primitiveBytes = 0;
        int objects = 0;
        int number = -1;
        for (int fields = Short.toUnsignedInt(in.getShort()); fields > 0; fields--) {
            char type = (char) in.get();
            String field = name();
            if (type == '[' || type == 'L') {
                objects++;
                label();
            } else {
                if (field.equals("loadFactor") && type == 'F' || field.equals("tag") && type == 'I') {
                    number = primitiveBytes;
                }
                primitiveBytes += sizeOf(type);
            }
        }
        annotation(new ScannedObject(false, 0), null, 0);
        Description parent = description();
        int levels = parent == null ? 1 : parent.levels() + 1;
        if (levels > MAX_NESTED_DESCRIPTIONS) {
            throw limit("a class with more than " + MAX_NESTED_DESCRIPTIONS + " parents");
        }
        Description made = new Description(name, flags, primitiveBytes, objects, number, levels, parent);
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

    private static SerdeException wrong(String how) {
        return new SerdeException(Reason.DECODE, "the bytes " + how, null);
    }

    private static SerdeException limit(String what) {
        return new SerdeException(Reason.LIMIT, "the serialized value has " + what, null);
    }
}
