package io.cachewire.benchmarks.micro;

import io.cachewire.DataBlock;
import io.cachewire.internal.protocol.Dialect;
import io.cachewire.internal.protocol.Opcode;
import io.cachewire.internal.protocol.Request;
import io.cachewire.internal.protocol.line.MetaDialect;
import io.cachewire.internal.protocol.line.TextDialect;
import java.util.concurrent.TimeUnit;
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

/** Requests to header bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RequestEncoderBenchmark {
    /** Name of a dialect. */
    @Param({"meta", "text"})
    public String dialect = "meta";

    private final DataBlock key = DataBlock.ofUtf8("user:1234567890");
    private final Request get = new Request.Keyed(Opcode.GET, key);
    private final Request set = new Request.Store(Opcode.SET, key, DataBlock.wrap(new byte[100]), 2, 300, 0);
    private final byte[] out = new byte[Dialect.MAX_HEADER_BYTES];
    private Dialect encoder = new MetaDialect();
    private int opaque = 0x12345678;

    /** Takes the dialect of the parameter. */
    @Setup
    public void choose() {
        encoder = dialect.equals("meta") ? new MetaDialect() : new TextDialect();
    }

    /** A read. */
    @Benchmark
    public int get() {
        return encoder.encodeHeader(get, ++opaque & Integer.MAX_VALUE, out, 0);
    }

    /** A write. */
    @Benchmark
    public int set() {
        return encoder.encodeHeader(set, ++opaque & Integer.MAX_VALUE, out, 0);
    }
}
