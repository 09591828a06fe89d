package io.cachewire.serialization.java;

import io.cachewire.ValueType;
import io.cachewire.serde.Serde;
import io.cachewire.serde.SerdeContractTest;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

final class JavaSerdeContractTest extends SerdeContractTest {
    @Override
    protected Serde serde() {
        return JavaSerde.allowing("io.cachewire.serialization.java.*");
    }

    @Override
    protected List<Sample> samples() {
        return List.of(
                new Sample(Person.ada(), ValueType.of(Person.class)),
                new Sample(Person.Role.GUEST, ValueType.of(Person.Role.class)),
                new Sample(new ArrayList<>(List.of(1, "two", 3.0)), ValueType.of(ArrayList.class)),
                new Sample(new TreeMap<>(Map.of("a", Map.of("b", 1L))), ValueType.of(TreeMap.class)),
                new Sample(new LinkedHashMap<>(Map.of(List.of(), 'c')), ValueType.of(LinkedHashMap.class)),
                new Sample(EnumSet.of(Person.Role.ADMIN), ValueType.of(EnumSet.class)),
                new Sample(LocalDate.EPOCH, ValueType.of(LocalDate.class)),
                new Sample(
                        ZonedDateTime.parse("2020-01-01T00:00:00+01:00[Europe/Paris]"),
                        ValueType.of(ZonedDateTime.class)),
                new Sample(new BigDecimal("1.50"), ValueType.of(BigDecimal.class)),
                new Sample(new UUID(1, 2), ValueType.of(UUID.class)),
                new Sample(new int[][] {{1, 2}, {}}, ValueType.of(int[][].class)),
                new Sample(new Person[] {Person.ada()}, ValueType.of(Person[].class)),
                new Sample('x', ValueType.of(char.class)));
    }
}
