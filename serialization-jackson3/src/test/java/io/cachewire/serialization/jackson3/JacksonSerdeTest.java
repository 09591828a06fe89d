package io.cachewire.serialization.jackson3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.cachewire.DataBlock;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import io.cachewire.serde.CacheMiss;
import io.cachewire.serde.EncodedValue;
import io.cachewire.serde.FlagScheme;
import io.cachewire.serde.Format;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.annotation.JsonDeserialize;

class JacksonSerdeTest {
    private static final ValueType<List<User>> USERS = new ValueType<>() {};

    private final Trial json = Trial.of(JacksonSerde.create());

    public static class Bean {
        private String name = "none";
        private int age;

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }

        public int getAge() {
            return age;
        }

        public void setAge(int age) {
            this.age = age;
        }
    }

    public static class Base {
        public int number = 1;
    }

    public static class Derived extends Base {
        public int extra = 2;
    }

    public record Box<T>(T content) {}

    public record Tree(List<Tree> children) {}

    public record Numbers(int whole, double real, Long boxed) {}

    public record Small(byte one, byte[] many, char[] letters) {}

    public record Dates(
            LocalDate day,
            @JsonFormat(pattern = "dd.MM.yyyy") LocalDate german,
            YearMonth month,
            Locale locale) {}

    public record Links(URI link, Currency money, Pattern pattern) {}

    public record Positive(int number) {
        public Positive {
            if (number <= 0) {
                throw new IllegalArgumentException("not positive");
            }
        }
    }

    public record Versioned(int version) {
        public Versioned {
            if (version < 2) {
                throw new CacheMiss("too old");
            }
        }
    }

    public record Holder(Class<?> type, Map<Class<?>, Integer> counts) {}

    public record Untyped(Shape shape) {}

    public record Ring(Ring next) {}

    public record Gallery(
            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME) @JsonSubTypes(@JsonSubTypes.Type(Circle.class))
            List<Shape> all,

            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME) @JsonSubTypes(@JsonSubTypes.Type(Circle.class))
            Shape first,

            @JsonDeserialize(as = Circle.class) Shape last) {}

    public interface Shape {}

    public record Circle(int radius) implements Shape {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Square.class, name = "square"),
        @JsonSubTypes.Type(value = Scale.class, name = "scale")
    })
    public sealed interface Figure permits Square, Scale {}

    public record Square(int side) implements Figure {}

    public record Scale(double factor) implements Figure {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    public interface Named {}

    public record Thing(int x) implements Named {}

    enum Colour {
        RED,
        GREEN {}
    }

    static final class Opaque {}

    @Test
    void aRecordIsPlainJsonInTheOrderOfItsComponents() {
        User ada = new User(1, "Ada", List.of("admin"));
        assertEquals("{\"id\":1,\"name\":\"Ada\",\"roles\":[\"admin\"]}", json.write(ada));
        assertEquals(ada, json.read(json.write(ada), User.class));
    }

    @Test
    void nullsAreWrittenAndMissingReferencesAreNull() {
        assertEquals("{\"id\":1,\"name\":null,\"roles\":null}", json.write(new User(1, null, null)));
        assertEquals(new User(1, "Ada", null), json.read("{\"id\":1,\"name\":\"Ada\"}", User.class));
    }

    @Test
    void aClassWithGettersAndSettersComesBack() {
        Bean bean = new Bean();
        bean.setName("Ada");
        assertEquals("{\"name\":\"Ada\",\"age\":0}", json.write(bean));
        assertEquals("none", json.read("{\"age\":5}", Bean.class).getName());
    }

    @Test
    void namesThatTheClassDoesNotHaveAreIgnored() {
        assertEquals(
                new User(1, "Ada", null),
                json.read("{\"id\":1,\"born\":[1815,{\"a\":null}],\"name\":\"Ada\"}", User.class));
    }

    @Test
    void genericTypesKeepTheirArguments() {
        List<User> users = List.of(new User(1, "Ada", List.of()));
        assertEquals(users, json.read(json.write(users, USERS), USERS));
        ValueType<Box<List<User>>> box = new ValueType<>() {};
        assertEquals(new Box<>(users), json.read(json.write(new Box<>(users), box), box));
        ValueType<Map<UUID, Set<Instant>>> map = new ValueType<>() {};
        Map<UUID, Set<Instant>> times = Map.of(new UUID(1, 2), Set.of(Instant.EPOCH));
        assertEquals(times, json.read(json.write(times, map), map));
        assertArrayEquals(new int[] {1, 2}, json.read(json.write(new int[] {1, 2}), int[].class));
    }

    @Test
    @SuppressWarnings("rawtypes") // as a caller writes it by mistake
    void aGenericTypeWithoutItsArgumentsIsRefusedWithTheWayToPassThem() {
        for (Object value : List.of(new ArrayList<>(List.of(1)), new HashMap<>(), new Box<>(1))) {
            SerdeException refused = json.notWritten(Reason.UNSUPPORTED_TYPE, value, ValueType.ofValue(value));
            assertTrue(refused.getMessage().contains("new ValueType<List<User>>() {}"), refused.getMessage());
        }
        json.refused(Reason.UNSUPPORTED_TYPE, "[]", List.class);
        json.refused(Reason.UNSUPPORTED_TYPE, "[]", new ValueType<List<Map>>() {});
    }

    @Test
    void valuesWithoutATypeAreWhatTheJsonHas() {
        ValueType<Map<String, Object>> type = new ValueType<>() {};
        assertEquals(
                Map.of("a", 1, "b", List.of(1.5, "x", true), "c", 5_000_000_000L),
                json.read("{\"a\":1,\"b\":[1.5,\"x\",true],\"c\":5000000000}", type));
        assertEquals("{\"a\":1}", json.write(Map.of("a", 1), type));
    }

    @Test
    void keysOfMapsDoNotBecomeStringsOfTheWholeJvm() {
        ValueType<Map<String, Object>> type = new ValueType<>() {};
        String name = UUID.randomUUID().toString();
        String key = json.read("{\"" + name + "\":1}", type).keySet().iterator().next();
        assertEquals(name, key);
        // were it there already, this would be the key
        assertNotSame(key, name.intern());
    }

    @Test
    void textBytesAndTheirSupertypesStayRaw() {
        JacksonSerde serde = JacksonSerde.create();
        for (Class<?> type : List.of(
                String.class,
                byte[].class,
                DataBlock.class,
                Object.class,
                CharSequence.class,
                Comparable.class,
                Serializable.class,
                Number.class)) {
            assertFalse(serde.encodes(ValueType.of(type)), type::toString);
        }
        EncodedValue text = json.chain().encode("k", "text", ValueType.of(String.class));
        assertEquals(1, text.flags());
        assertTrue(json.refused(Reason.UNSUPPORTED_TYPE, "\"a\"", String.class)
                .getMessage()
                .contains("the item is JSON"));
        json.refused(Reason.UNSUPPORTED_TYPE, "{}", Object.class);
    }

    @Test
    void declaredAsObjectTheOwnClassOfTheValueSaysHow() {
        assertEquals("{\"radius\":2}", json.write(new Circle(2), ValueType.of(Object.class)));
    }

    @Test
    void numbersAndBooleansAreJson() {
        assertEquals("5", json.write(5));
        assertEquals("5", json.write(5L, ValueType.of(long.class)));
        assertEquals("true", json.write(true));
        assertEquals("0.1", json.write(0.1));
        assertEquals("1.0E10", json.write(1e10));
        assertEquals("\"a\"", json.write('a'));
        assertEquals(5L, json.read("5", long.class));
    }

    @Test
    void timesIdsAndBigNumbersAreText() {
        assertEquals("\"1815-12-10\"", json.write(LocalDate.of(1815, 12, 10)));
        ZonedDateTime noon = ZonedDateTime.parse("2026-11-30T12:00+01:00[Europe/Berlin]");
        assertEquals("\"" + noon + "\"", json.write(noon));
        assertEquals(noon, json.read("\"" + noon + "\"", ZonedDateTime.class));
        assertEquals("\"1.50\"", json.write(new BigDecimal("1.50")));
        assertEquals(new BigDecimal("1.50"), json.read("1.50", BigDecimal.class));
        assertEquals(new BigDecimal("1.50"), json.read("\"1.50\"", BigDecimal.class));
        assertEquals(BigInteger.TWO.pow(70), json.read("\"" + BigInteger.TWO.pow(70) + "\"", BigInteger.class));
        assertEquals(BigInteger.TWO.pow(70), json.read(BigInteger.TWO.pow(70).toString(), BigInteger.class));
        assertTrue(json.write(new Date(0)).startsWith("\"1970-01-01T00:00:00"));
        assertEquals(new Date(5), json.read(json.write(new Date(5)), Date.class));
        json.refused(Reason.DECODE, "\"1-1-1-1-1\"", UUID.class);
        json.refused(Reason.DECODE, "5", Instant.class);
    }

    @Test
    void aPropertyWithAFormatHasThatForm() {
        LocalDate day = LocalDate.of(1815, 12, 10);
        Dates dates = new Dates(day, day, YearMonth.of(1815, 12), Locale.GERMANY);
        String written = json.write(dates);
        assertEquals(
                "{\"day\":\"1815-12-10\",\"german\":\"10.12.1815\",\"month\":\"1815-12\",\"locale\":\"de-DE\"}",
                written);
        assertEquals(dates, json.read(written, Dates.class));
    }

    @Test
    void anyJsonKeepsTheDigitsOfItsNumbers() {
        String text = "{\"a\":[0.1234567890123456789012,1.50,123456789012345678901234567890,\"\\n\",true,null]}";
        JsonNode node = json.read(text, JsonNode.class);
        assertEquals(text, json.write(node, ValueType.of(JsonNode.class)));
        assertTrue(json.read("null", JsonNode.class).isNull());
    }

    @Test
    void aSubclassIsNeverWrittenAsItsSuperclass() {
        SerdeException refused = json.notWritten(Reason.UNSUPPORTED_TYPE, new Derived(), ValueType.of(Base.class));
        assertTrue(refused.getMessage().contains("declare its own class"), refused.getMessage());
        assertEquals("{\"number\":1}", json.write(new Base()));
        assertEquals("\"GREEN\"", json.write(Colour.GREEN, ValueType.of(Colour.class)));
    }

    @Test
    void anInterfaceIsTakenWithNamedSubtypesAndNothingElse() {
        ValueType<Figure> figure = ValueType.of(Figure.class);
        assertEquals("{\"type\":\"square\",\"side\":2}", json.write(new Square(2), figure));
        assertEquals(new Square(2), json.read("{\"side\":2,\"type\":\"square\"}", figure));
        ValueType<List<Figure>> figures = new ValueType<>() {};
        assertEquals("[{\"type\":\"square\",\"side\":2}]", json.write(List.of(new Square(2)), figures));
        assertTrue(json.refused(Reason.DECODE, "{\"type\":\"java.io.File\"}", figure)
                .getMessage()
                .contains("the name of its subtype"));
        json.refused(Reason.DECODE, "{\"side\":2}", figure);

        JacksonSerde serde = JacksonSerde.create();
        assertFalse(serde.encodes(ValueType.of(Shape.class)));
        assertFalse(serde.encodes(new ValueType<List<Shape>>() {}));
        assertTrue(serde.refusal(ValueType.of(Shape.class)).contains("@JsonSubTypes"));
    }

    @Test
    void theBytesNameNoClasses() {
        JacksonSerde serde = JacksonSerde.create();
        assertFalse(serde.encodes(ValueType.of(Named.class)), () -> serde.refusal(ValueType.of(Named.class)));
        String gadget = "{\"type\":\"" + Circle.class.getName() + "\",\"counts\":null}";
        json.refused(Reason.DECODE, gadget, Holder.class);
        json.refused(Reason.DECODE, "{\"counts\":{\"" + Circle.class.getName() + "\":1}}", Holder.class);
    }

    @Test
    void aClassWithoutPropertiesIsRefused() {
        SerdeException refused = json.notWritten(Reason.UNSUPPORTED_TYPE, new Opaque(), ValueType.of(Opaque.class));
        assertTrue(refused.getMessage().contains("has no properties"), refused.getMessage());
        json.refused(Reason.UNSUPPORTED_TYPE, "{}", Opaque.class);
    }

    @Test
    void aPropertyThatCouldNotBeReadIsRefusedBeforeItIsWritten() {
        ValueType<?>[] types = {
            ValueType.of(Untyped.class),
            new ValueType<Box<Shape>>() {},
            new ValueType<List<Box<Shape>>>() {},
            new ValueType<Box<Map<String, List<Shape>>>>() {},
        };
        for (ValueType<?> type : types) {
            String refusal = JacksonSerde.create().refusal(type);
            assertTrue(refusal.contains(Shape.class.getName() + " is an interface"), type + ": " + refusal);
        }
        ValueType<Box<List<Figure>>> figures = new ValueType<>() {};
        Box<List<Figure>> box = new Box<>(List.of(new Square(2)));
        assertEquals(box, json.read(json.write(box, figures), figures));
        Gallery gallery = new Gallery(List.of(new Circle(1)), new Circle(2), new Circle(3));
        assertEquals(gallery, json.read(json.write(gallery), Gallery.class));
        Ring ring = new Ring(new Ring(null));
        assertEquals(ring, json.read(json.write(ring), Ring.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nul",
                "null",
                "{",
                "[]",
                "7",
                "\"secret\"",
                "{\"id\":\"secret\",\"name\":\"x\"}",
                "{\"id\":1,\"name\":\"secret\"",
                "{\"id\":1,\"name\":\"secret\"} x",
                "{\"id\":1,\"name\":\"secret\"}{}",
                "{\"id\":1,\"name\":\"secret\"}\u0000",
                "\uFEFF{\"id\":1,\"name\":\"x\"}",
                "{'id':1,'name':'secret'}",
                "{id:1,name:secret}",
                "{\"id\":1,\"name\":\"secret\",}",
                "// c\n{\"id\":1,\"name\":\"secret\"}",
                "{\"id\":1,\"name\":\"\\ud8\"}",
                "{\"id\":1,\"name\":\"a\u0001secret\"}",
                "{\"id\":1,\"unknown\":[secret]}",
                "{\"id\":1,\"unknown\":[1,]}",
                "{\"id\":1,\"unknown\":\"\\x\"}",
                "{\"id\":1,\"unknown\":01}",
                "{\"id\":1,\"unknown\":NaN}",
                "{\"id\":null,\"name\":\"secret\"}",
                "{\"name\":\"secret\"}",
                "{\"id\":true,\"name\":\"secret\"}",
                "{\"id\":1.5,\"name\":\"secret\"}",
                "{\"id\":2147483648,\"name\":\"secret\"}",
                "{\"id\":1,\"name\":{\"secret\":1}}",
                "{\"id\":1,\"roles\":{\"secret\":1}}",
                "{\"id\":1,\"name\":\"a\",\"id\":2}",
                "{\"id\":1,\"name\":\"a\",\"\\u0069d\":2}",
                "{\"id\":1,\"x\":[{\"secret\":1,\"secret\":2}]}"
            })
    void wrongJsonIsRefusedWithThePlaceAndWithoutTheText(String wrong) {
        SerdeException refused = json.refused(Reason.DECODE, wrong, User.class);
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            assertFalse(String.valueOf(cause.getMessage()).contains("secret"), cause::toString);
        }
    }

    @Test
    void causesDoNotQuoteTheTextEither() {
        for (String wrong :
                List.of("{\"link\":\"a: secret\"}", "{\"money\":\"secret\"}", "{\"pattern\":\"(secret\"}")) {
            SerdeException refused = json.refused(Reason.DECODE, wrong, Links.class);
            for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
                assertFalse(String.valueOf(cause.getMessage()).contains("secret"), cause::toString);
            }
        }
    }

    @Test
    void messagesSayWhatWasExpectedAndWhere() {
        String message =
                json.refused(Reason.DECODE, "[{\"id\":1},{\"id\":true}]", USERS).getMessage();
        assertTrue(message.contains("no int in [1].id at byte"), message);
        ValueType<Map<String, User>> map = new ValueType<>() {};
        String keyed =
                json.refused(Reason.DECODE, "{\"secret\":{\"id\":true}}", map).getMessage();
        assertTrue(keyed.contains("no int in ?.id at byte"), keyed);
        String twice =
                json.refused(Reason.DECODE, "{\"id\":1,\"id\":1}", User.class).getMessage();
        assertTrue(twice.contains("the same name twice"), twice);
    }

    @Test
    void numbersOutOfRangeAreRefusedInsteadOfChanged() {
        for (String real : List.of("1e999", "-1e999", "NaN", "Infinity", "\"1.5\"", "true")) {
            json.refused(Reason.DECODE, "{\"whole\":1,\"real\":" + real + "}", Numbers.class);
        }
        for (String whole : List.of("2147483648", "99999999999999999999999", "1.5", "1e3", "\"1\"", "null", "[1]")) {
            json.refused(Reason.DECODE, "{\"whole\":" + whole + ",\"real\":1}", Numbers.class);
        }
        json.refused(Reason.DECODE, "{\"one\":200}", Small.class);
        json.refused(Reason.DECODE, "[1e999]", double[].class);
        json.refused(Reason.DECODE, "3.5e38", float.class);
        json.refused(Reason.DECODE, "{\"factor\":1e999,\"type\":\"scale\"}", Figure.class);
        assertEquals(new Scale(1.5), json.read("{\"factor\":1.5,\"type\":\"scale\"}", Figure.class));
        json.refused(Reason.DECODE, "{\"a\":1e999}", new ValueType<Map<String, Object>>() {});
        json.refused(Reason.DECODE, "0", Colour.class);
        json.refused(Reason.DECODE, "\"secret\"", Colour.class);
    }

    @Test
    void numbersThatJsonDoesNotHaveAreNotWritten() {
        for (double wrong : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            SerdeException refused =
                    json.notWritten(Reason.ENCODE, new Numbers(1, wrong, null), ValueType.of(Numbers.class));
            assertTrue(refused.getMessage().contains("NaN"), refused.getMessage());
            json.notWritten(Reason.ENCODE, wrong, ValueType.of(Double.class));
            json.notWritten(Reason.ENCODE, (float) wrong, ValueType.of(float.class));
            json.notWritten(Reason.ENCODE, new double[] {wrong}, ValueType.of(double[].class));
            json.notWritten(Reason.ENCODE, Map.of("a", wrong), new ValueType<Map<String, Object>>() {});
        }
    }

    @Test
    void halfASurrogatePairIsNotWritten() {
        json.notWritten(Reason.ENCODE, new User(1, "\uD800", null), ValueType.of(User.class));
        json.notWritten(Reason.ENCODE, new User(1, "\uDE00x", null), ValueType.of(User.class));
        json.notWritten(Reason.ENCODE, Map.of("\uD83D", 1), new ValueType<Map<String, Integer>>() {});
        assertEquals(
                "{\"id\":1,\"name\":\"\uD83D\uDE00\",\"roles\":null}", json.write(new User(1, "\uD83D\uDE00", null)));
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        byte[][] wrong = {
            {'"', (byte) 0xff, '"'},
            {'"', (byte) 0xc0, (byte) 0x80, '"'}, // overlong
            {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}, // half a pair
            {'"', 'a', (byte) 0xc3}, // cut
            {0, '"', 0, 'a', 0, '"'}, // UTF-16
            {'1', 0}, // UTF-16
            {0, 0, 0, '1'}, // UTF-32
        };
        for (byte[] bytes : wrong) {
            assertEquals(
                    Reason.DECODE,
                    org.junit.jupiter.api.Assertions.assertThrows(
                                    SerdeException.class,
                                    () -> json.read(DataBlock.wrap(bytes), ValueType.of(JsonNode.class)),
                                    () -> Arrays.toString(bytes))
                            .reason(),
                    () -> Arrays.toString(bytes));
        }
        String longText = "\"" + "ü\uD83D\uDE00".repeat(5000) + "\"";
        assertEquals(15_000, json.read(longText, JsonNode.class).stringValue().length());
    }

    @Test
    void bytesAndLettersWithinAnObjectAreArrays() {
        Small small = new Small((byte) -1, new byte[] {1, -2}, new char[] {'a', 'b'});
        assertEquals("{\"one\":-1,\"many\":[1,-2],\"letters\":[\"a\",\"b\"]}", json.write(small));
        assertArrayEquals(
                new byte[] {1, -2}, json.read(json.write(small), Small.class).many());
        assertArrayEquals(
                new byte[] {1, 2},
                json.read("{\"one\":1,\"many\":\"AQI=\"}", Small.class).many());
    }

    @Test
    void whatAClassItselfRefusesIsADecodeErrorWithItsCause() {
        SerdeException refused = json.refused(Reason.DECODE, "{\"number\":0}", Positive.class);
        assertInstanceOf(IllegalArgumentException.class, refused.getCause());
        assertTrue(refused.getMessage().contains(Positive.class.getTypeName() + " refused it"), refused.getMessage());
    }

    @Test
    void aClassMayAskForAMiss() {
        assertNull(json.chain()
                .decode("k", new EncodedValue(DataBlock.ofUtf8("{\"version\":1}"), 2), ValueType.of(Versioned.class)));
    }

    @Test
    void aNullKeyIsNotWritten() {
        Map<String, Integer> map = new HashMap<>();
        map.put(null, 1);
        json.notWritten(Reason.ENCODE, map, new ValueType<Map<String, Integer>>() {});
        assertFalse(JacksonSerde.create().encodes(new ValueType<Map<Circle, Integer>>() {}));
    }

    @Test
    void anotherFlagSchemeIsUsed() {
        JacksonSerde php = JacksonSerde.create()
                .withFlagScheme(FlagScheme.builder().format(Format.JSON, 6).build());
        assertEquals(6, php.encode("k", 5, ValueType.of(Integer.class)).flags());
        assertTrue(php.decodes(6));
        assertFalse(php.decodes(2));
        org.junit.jupiter.api.Assertions.assertThrows(
                IllegalArgumentException.class,
                () -> JacksonSerde.create().withFlagScheme(FlagScheme.builder().build()));
    }
}
