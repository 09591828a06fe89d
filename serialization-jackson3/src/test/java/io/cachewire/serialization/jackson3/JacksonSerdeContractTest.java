package io.cachewire.serialization.jackson3;

import io.cachewire.ValueType;
import io.cachewire.serde.Serde;
import io.cachewire.serde.SerdeContractTest;
import java.time.Instant;
import java.util.List;
import java.util.Map;

final class JacksonSerdeContractTest extends SerdeContractTest {
    @Override
    protected Serde serde() {
        return JacksonSerde.create();
    }

    @Override
    protected List<Sample> samples() {
        return List.of(
                new Sample(new User(1, "Grüße \uD83D\uDE00 \"\\", List.of("a")), ValueType.of(User.class)),
                new Sample(List.of(1, 2, 3), new ValueType<List<Integer>>() {}),
                new Sample(Map.of("a", List.of(0.1, -1e300)), new ValueType<Map<String, List<Double>>>() {}),
                new Sample(Thread.State.NEW, ValueType.of(Thread.State.class)),
                new Sample(Instant.EPOCH, ValueType.of(Instant.class)),
                new Sample(Long.MIN_VALUE, ValueType.of(long.class)),
                new Sample(true, ValueType.of(Boolean.class)));
    }
}
