package io.cachewire.serialization.jackson;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.Serial;

/** A byte array within an object, as {@code JsonSerde} writes it; Jackson reads this and base64. */
final class BytesAsNumbers extends StdSerializer<byte[]> {
    @Serial
    private static final long serialVersionUID = 1L;

    BytesAsNumbers() {
        super(byte[].class);
    }

    @Override
    public boolean isEmpty(SerializerProvider provider, byte[] bytes) {
        return bytes.length == 0;
    }

    @Override
    public void serialize(byte[] bytes, JsonGenerator generator, SerializerProvider provider) throws IOException {
        generator.writeStartArray(bytes, bytes.length);
        for (byte one : bytes) {
            generator.writeNumber((int) one);
        }
        generator.writeEndArray();
    }
}
