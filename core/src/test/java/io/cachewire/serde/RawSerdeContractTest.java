package io.cachewire.serde;

import io.cachewire.DataBlock;
import io.cachewire.ValueType;
import java.util.List;

final class RawSerdeContractTest extends SerdeContractTest {
    @Override
    protected Serde serde() {
        return new RawSerde();
    }

    @Override
    protected List<Sample> samples() {
        return List.of(
                new Sample("Grüße, 世界 \uD83D\uDE00", ValueType.of(String.class)),
                new Sample("", ValueType.of(String.class)),
                new Sample(new byte[] {0, -1, 13, 10}, ValueType.of(byte[].class)),
                new Sample(DataBlock.ofUtf8("END\r\n"), ValueType.of(DataBlock.class)),
                new Sample(true, ValueType.of(Boolean.class)),
                new Sample(false, ValueType.of(boolean.class)),
                new Sample(Integer.MIN_VALUE, ValueType.of(int.class)),
                new Sample(Long.MAX_VALUE, ValueType.of(Long.class)),
                new Sample(0.1, ValueType.of(double.class)),
                new Sample(Double.NaN, ValueType.of(Double.class)),
                new Sample(Double.NEGATIVE_INFINITY, ValueType.of(Double.class)));
    }
}
