package io.cachewire.benchmarks.micro;

import io.cachewire.TypedValue;
import io.cachewire.ValueType;
import io.cachewire.benchmarks.client.Parcel;
import io.cachewire.serde.Compression;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Serde;
import io.cachewire.serde.SerdeChain;
import io.cachewire.serialization.java.JavaSerde;
import io.cachewire.serialization.json.JsonSerde;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Values to bytes and back, through the chain that a client has. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SerdeBenchmark {
    private static final String KEY = "user:1";
    private static final int THRESHOLD = 64;
    private static final int LEVEL = 6;

    /** How the value is written. */
    public enum Form {
        /** A text as UTF-8. */
        RAW,
        /** An object as JSON. */
        JSON,
        /** An object by Java serialization. */
        JAVA,
        /** A text, compressed by zlib. */
        ZLIB,
        /** A text, compressed by gzip. */
        GZIP
    }

    /** How the value is written. */
    @Param
    public Form form = Form.RAW;

    /** Characters of text in the value. */
    @Param({"100", "65536"})
    public int size = 100;

    private Object value = "";
    private ValueType<?> type = ValueType.of(String.class);
    private EncodedValue encoded = new EncodedValue(io.cachewire.DataBlock.EMPTY, 0);
    private SerdeChain chain = chain(List.of(), Compression.none());

    /** Makes value and chain. */
    @Setup
    public void prepare() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < size; i++) {
            text.append("item ").append(i * 7919L).append(", ");
        }
        text.setLength(size);
        boolean plain = form == Form.RAW || form == Form.ZLIB || form == Form.GZIP;
        TypedValue<?> typed = TypedValue.of(plain ? text.toString() : new Parcel(1, text.toString()));
        value = typed.value();
        type = typed.type();
        chain = switch (form) {
            case RAW -> chain(List.of(), Compression.none());
            case JSON -> chain(List.of(new JsonSerde()), Compression.none());
            case JAVA -> chain(List.of(JavaSerde.allowing("io.cachewire.benchmarks.**")), Compression.none());
            case ZLIB -> chain(List.of(), Compression.zlib(THRESHOLD, LEVEL));
            case GZIP -> chain(List.of(), Compression.gzip(THRESHOLD, LEVEL));
        };
        encoded = chain.encode(KEY, value, type);
    }

    private static SerdeChain chain(List<Serde> serdes, Compression compression) {
        return new SerdeChain(serdes, FlagScheme.DEFAULT, compression, 1 << 20);
    }

    /** A write's part. */
    @Benchmark
    public EncodedValue encode() {
        return chain.encode(KEY, value, type);
    }

    /** A read's part. */
    @Benchmark
    public @Nullable Object decode() {
        return chain.decode(KEY, encoded, type);
    }
}
