package io.cachewire.benchmarks.micro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cachewire.internal.protocol.Limits;
import io.cachewire.internal.protocol.MalformedReply;
import io.cachewire.internal.protocol.ReplyParser;
import io.cachewire.internal.protocol.line.MetaDialect;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Bytes to replies, as one read brings them: a hit of 100 bytes, a miss, an acknowledgement, a hit of 64 KiB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReplyParserBenchmark {
    private static final int LARGE = 64 * 1024;
    /** The connection's read buffer. */
    private static final int READ = 128 * 1024;

    private final ReplyParser parser = new MetaDialect().newParser(new Limits(1 << 20));
    private final byte[] hit = value(100);
    private final byte[] miss = "EN\r\n".getBytes(US_ASCII);
    private final byte[] header = "HD O7fffffff\r\n".getBytes(US_ASCII);
    private final byte[] large = value(LARGE);
    private final byte[] read = new byte[READ];

    private static byte[] value(int length) {
        return ("VA " + length + " f0 O7fffffff\r\n" + "x".repeat(length) + "\r\n").getBytes(US_ASCII);
    }

    /** A hit of 100 bytes. */
    @Benchmark
    public void hit(Blackhole hole) throws MalformedReply {
        parse(hit, hole);
    }

    /** A miss. */
    @Benchmark
    public void miss(Blackhole hole) throws MalformedReply {
        parse(miss, hole);
    }

    /** The acknowledgement of a write. */
    @Benchmark
    public void header(Blackhole hole) throws MalformedReply {
        parse(header, hole);
    }

    /** A hit of 64 KiB. */
    @Benchmark
    public void largeHit(Blackhole hole) throws MalformedReply {
        parse(large, hole);
    }

    private void parse(byte[] reply, Blackhole hole) throws MalformedReply {
        System.arraycopy(reply, 0, read, 0, reply.length);
        parser.feed(read, 0, reply.length);
        for (Object next = parser.next(); next != null; next = parser.next()) {
            hole.consume(next);
        }
    }
}
