package io.cachewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValueTypeTest {
    private static <T> ValueType<T> open() {
        return new ValueType<T>() {};
    }

    private static class Indirect extends ValueType<String> {}

    @Test
    void capturesTheArguments() {
        ValueType<Map<String, List<Integer>>> type = new ValueType<>() {};
        assertEquals("java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>", type.toString());
        assertEquals(Map.class, type.rawClass());
        assertEquals(List[].class, new ValueType<List<String>[]>() {}.rawClass());
        assertEquals(String.class, new ValueType<String>() {}.javaType());
    }

    @Test
    void refusesATypeThatIsOpen() {
        assertThrows(IllegalStateException.class, ValueTypeTest::open);
        assertThrows(IllegalStateException.class, () -> new Indirect() {});
    }

    @Test
    void ofAClass() {
        ValueType<String> type = ValueType.of(String.class);
        assertEquals(String.class, type.javaType());
        assertEquals(String.class, type.rawClass());
        assertEquals(int.class, ValueType.of(int.class).rawClass());
    }

    @Test
    void ofAType() {
        Type type = new ValueType<List<String>>() {}.javaType();
        assertEquals(List.class, ValueType.of(type).rawClass());
        assertEquals(new ValueType<List<String>>() {}, ValueType.of(type));
        assertEquals(Integer.class, ValueType.ofValue(1).rawClass());
    }

    @Test
    void equalWhenTheTypeIs() {
        assertEquals(ValueType.of(String.class), new ValueType<String>() {});
        assertEquals(ValueType.of(String.class).hashCode(), new ValueType<String>() {}.hashCode());
        assertNotEquals(new ValueType<List<String>>() {}, new ValueType<List<Integer>>() {});
    }

    @Test
    void value() {
        List<String> names = List.of("Ada");
        TypedValue<List<String>> typed = new ValueType<List<String>>() {}.value(names);
        assertSame(names, typed.value());
        assertEquals("TypedValue[java.util.List<java.lang.String>]", typed.toString());
        assertSame(typed, TypedValue.of(typed));
        assertEquals(ValueType.of(String.class), TypedValue.of("secret").type());
        assertEquals("TypedValue[java.lang.String]", TypedValue.of("secret").toString());
        assertThrows(
                NullPointerException.class, () -> ValueType.of(String.class).value(null));
    }
}
