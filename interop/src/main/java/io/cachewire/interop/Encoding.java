package io.cachewire.interop;

import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.serde.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * One way in which a client writes values, once flags and compression are out of the way. Reading gives plain data: null,
 * {@code Boolean}, numbers, {@code String}, {@link DataBlock}, {@code List}, {@code Map}, {@code Set}, dates, or one of the
 * markers {@link Untyped} and {@link Bit}, which {@link Conversion} makes into what the caller asks for.
 */
@FunctionalInterface
interface Encoding {
    Encoding TEXT = Utf8::decode;
    Encoding BYTES = data -> new Untyped(data, DataBlock.class);
    Encoding UNTYPED = data -> new Untyped(data, String.class);
    Encoding INTEGER = Decimals::integer;
    Encoding DOUBLE = Decimals::real;
    Encoding BOOLEAN = Decimals::bool;
    Encoding PICKLE = data -> new PickleReader(data).read();
    Encoding PHP = data -> new PhpReader(data).read();
    Encoding JSON = data -> new JsonReader(data).read();
    Encoding JAVA = refused("Java serialization", "give the preset a JavaSerde");

    /** What the bytes stand for. */
    @Nullable
    Object read(DataBlock data);

    /** A format that is recognised and not read. */
    static Encoding refused(String format, String advice) {
        return data -> {
            throw new SerdeException(
                    Reason.DECODE, "the value is in the format " + format + ", which is not read: " + advice, null);
        };
    }

    /**
     * Bytes without a type: text, a number or bytes, whichever is asked for.
     *
     * @param natural what they are when nothing is asked for: {@code String}, if they are UTF-8, or {@code DataBlock}
     */
    record Untyped(DataBlock data, Class<?> natural) {}

    /** A truth value that its client reads as 1 or 0. */
    record Bit(boolean value) {}
}
