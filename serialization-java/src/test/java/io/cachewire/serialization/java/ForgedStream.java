package io.cachewire.serialization.java;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.DataBlock;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamConstants;
import java.nio.ByteBuffer;

/** Serialization streams as an attacker makes them. */
final class ForgedStream {
    private ForgedStream() {}

    /** What the JDK writes, without a filter. */
    static DataBlock stream(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
            output.writeObject(value);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return DataBlock.wrap(bytes.toByteArray());
    }

    /** The stream of a collection that pretends to another size. */
    static DataBlock withLength(Object collection, int size, int pretended) {
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

    interface Forger {
        void write(DataOutputStream out) throws IOException;
    }

    /** A stream that nobody would write. */
    static DataBlock forged(Forger forger) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(ObjectStreamConstants.STREAM_MAGIC);
        out.writeShort(ObjectStreamConstants.STREAM_VERSION);
        forger.write(out);
        return DataBlock.wrap(bytes.toByteArray());
    }

    static void nestedArrays(DataOutputStream out, int levels) throws IOException {
        objectArray(out, 1);
        for (int level = 1; level < levels; level++) {
            out.writeByte(ObjectStreamConstants.TC_ARRAY);
            out.writeByte(ObjectStreamConstants.TC_REFERENCE);
            out.writeInt(ObjectStreamConstants.baseWireHandle);
            out.writeInt(1);
        }
    }

    static void objectArray(DataOutputStream out, int length) throws IOException {
        out.writeByte(ObjectStreamConstants.TC_ARRAY);
        description(out, "[Ljava.lang.Object;", ObjectStreamConstants.SC_SERIALIZABLE, -8012369246846506644L);
        out.writeInt(length);
    }

    static void description(DataOutputStream out, String name, long uid) throws IOException {
        out.writeByte(ObjectStreamConstants.TC_OBJECT);
        description(out, name, ObjectStreamConstants.SC_SERIALIZABLE, uid);
    }

    static void description(DataOutputStream out, String name, int flags, long uid) throws IOException {
        out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
        out.writeUTF(name);
        out.writeLong(uid);
        out.writeByte(flags);
        out.writeShort(0);
        out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
        out.writeByte(ObjectStreamConstants.TC_NULL);
    }
}
