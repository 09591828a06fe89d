package io.cachewire.serialization.jackson3;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/** A byte array within an object, as {@code JsonSerde} writes it; Jackson reads this and base64. */
final class BytesAsNumbers extends StdSerializer<byte[]> {
    BytesAsNumbers() {
        super(byte[].class);
    }

    @Override
    public boolean isEmpty(SerializationContext provider, byte[] bytes) {
        return bytes.length == 0;
    }

    @Override
    public void serialize(byte[] bytes, JsonGenerator generator, SerializationContext provider) {
        generator.writeStartArray(bytes, bytes.length);
        for (byte one : bytes) {
            generator.writeNumber((int) one);
        }
        generator.writeEndArray();
    }
}
