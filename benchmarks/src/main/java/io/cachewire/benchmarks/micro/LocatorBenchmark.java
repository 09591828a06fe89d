package io.cachewire.benchmarks.micro;

import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import io.cachewire.routing.NodeLocator;
import io.cachewire.routing.RoutingPreset;
import java.util.ArrayList;
import java.util.List;
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

/** Keys to servers, by every preset. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class LocatorBenchmark {
    private static final int KEYS = 256;

    /** The rule; without values all of the enum are taken. */
    @Param
    public RoutingPreset preset = RoutingPreset.DEFAULT;

    /** How many servers. */
    @Param({"3", "50"})
    public int servers = 3;

    private final DataBlock[] keys = new DataBlock[KEYS];
    private NodeLocator locator = RoutingPreset.DEFAULT.build(List.of(new ServerAddress("10.0.0.1", 11211)));
    private int next;

    /** Builds the ring. */
    @Setup
    public void build() {
        List<ServerAddress> addresses = new ArrayList<>();
        for (int i = 0; i < servers; i++) {
            addresses.add(new ServerAddress("10.0.0." + (i + 1), 11211));
        }
        locator = preset.build(addresses);
        for (int i = 0; i < KEYS; i++) {
            keys[i] = DataBlock.ofUtf8("user:" + (1_000_000_007L * i));
        }
    }

    /** A key of 6 to 17 bytes. */
    @Benchmark
    public int locate() {
        return locator.locate(keys[next++ & (KEYS - 1)]);
    }
}
