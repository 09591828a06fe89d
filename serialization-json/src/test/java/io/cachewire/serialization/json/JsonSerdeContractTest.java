package io.cachewire.serialization.json;

import io.cachewire.ValueType;
import io.cachewire.serde.Serde;
import io.cachewire.serde.SerdeContractTest;
import java.util.List;
import java.util.Map;

final class JsonSerdeContractTest extends SerdeContractTest {
    @Override
    protected Serde serde() {
        return new JsonSerde();
    }

    @Override
    protected List<Sample> samples() {
        return List.of(
                new Sample(new User(1, "Grüße \uD83D\uDE00 \"\\", List.of("a")), ValueType.of(User.class)),
                new Sample(List.of(1, 2, 3), new ValueType<List<Integer>>() {}),
                new Sample(Map.of("a", List.of(0.1, -1e300)), new ValueType<Map<String, List<Double>>>() {}),
                new Sample(Colour.GREEN, ValueType.of(Colour.class)),
                new Sample(Long.MIN_VALUE, ValueType.of(long.class)),
                new Sample(true, ValueType.of(Boolean.class)));
    }
}
