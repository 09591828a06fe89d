package io.cachewire.serialization.jackson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.cachewire.SerdeException;
import io.cachewire.SerdeException.Reason;
import io.cachewire.ValueType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What bytes from outside, and objects of the program, may cost. */
@Timeout(60)
class JacksonLimitsTest {
    private final JacksonSerde serde = JacksonSerde.create();
    private final Trial json = Trial.of(serde);

    public record Tree(List<Tree> children) {}

    public static final class Ring {
        public Ring next;
    }

    private static String nested(int levels) {
        return "{\"children\":[".repeat(levels) + "]}".repeat(levels);
    }

    @Test
    @DisplayName("S10 nesting is bounded on both ways")
    void nestingIsBoundedOnBothWays() {
        json.read(nested(32), Tree.class);
        json.refused(Reason.LIMIT, nested(33), Tree.class);
        json.refused(Reason.LIMIT, "[".repeat(500_000), JsonNode.class);
        json.refused(Reason.LIMIT, "{\"unknown\":" + "[".repeat(100_000), Tree.class);
        Tree tree = new Tree(List.of());
        for (int i = 0; i < 31; i++) {
            tree = new Tree(List.of(tree));
        }
        assertEquals(tree, json.read(json.write(tree), Tree.class));
        Tree tooDeep = new Tree(List.of(tree));
        json.notWritten(Reason.LIMIT, tooDeep, ValueType.of(Tree.class));
        Trial deeper = Trial.of(serde.withMaxDepth(66));
        assertEquals(tooDeep, deeper.read(deeper.write(tooDeep), Tree.class));
    }

    @Test
    void aRingOfObjectsEndsAtTheDepth() {
        Ring one = new Ring();
        Ring two = new Ring();
        one.next = two;
        two.next = one;
        json.notWritten(Reason.LIMIT, one, ValueType.of(Ring.class));
    }

    @Test
    @DisplayName("S10 the length of numbers is bounded on both ways")
    void numbersAreBoundedOnBothWays() {
        ValueType<JsonNode> any = ValueType.of(JsonNode.class);
        json.read("1".repeat(1000), any);
        json.refused(Reason.LIMIT, "1".repeat(1001), any);
        json.refused(Reason.LIMIT, "1".repeat(1001), Long.class);
        json.refused(Reason.DECODE, "1".repeat(1000), Long.class);
        BigInteger long2000 = BigInteger.TEN.pow(2000);
        json.notWritten(
                Reason.LIMIT, com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.numberNode(long2000), any);
        Trial longer = Trial.of(serde.withMaxNumberLength(3000));
        assertEquals(long2000, longer.read(long2000.toString(), any).bigIntegerValue());
    }

    @Test
    void anExponentThatNoNumberHasIsNotQuoted() {
        String number = "1234567e" + "9".repeat(100);
        for (Class<?> type : List.of(JsonNode.class, BigDecimal.class, Double.class, Long.class)) {
            SerdeException refused = json.refused(Reason.DECODE, number, type);
            for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
                assertFalse(String.valueOf(cause.getMessage()).contains("1234567"), cause::toString);
            }
        }
        json.refused(Reason.DECODE, "[" + number + "]", new ValueType<List<BigDecimal>>() {});
    }

    @Test
    void bigNumbersAreBoundedInDigitsAndExponent() {
        for (String wrong :
                List.of("\"1e999999999\"", "\"1e-999999999\"", "1e999999999", "\"" + "1".repeat(30_000) + "\"")) {
            json.refused(Reason.DECODE, wrong, BigDecimal.class);
        }
        json.refused(Reason.DECODE, "\"" + "1".repeat(30_000) + "\"", BigInteger.class);
        json.notWritten(Reason.ENCODE, new BigDecimal("1e999999999"), ValueType.of(BigDecimal.class));
        json.notWritten(Reason.ENCODE, BigInteger.TWO.pow(100_000), ValueType.of(BigInteger.class));
    }

    @Test
    @DisplayName("S10 the length of texts and names is bounded on both ways")
    void textsAndNamesAreBoundedOnBothWays() {
        JacksonSerde small = serde.withMaxStringLength(10);
        Trial bounded = Trial.of(small);
        ValueType<Map<String, String>> texts = new ValueType<>() {};
        bounded.read("{\"0123456789\":\"0123456789\"}", texts);
        bounded.refused(Reason.LIMIT, "{\"a\":\"" + "x".repeat(100_000) + "\"}", texts);
        bounded.refused(Reason.LIMIT, "{\"" + "x".repeat(100_000) + "\":\"a\"}", texts);
        bounded.notWritten(Reason.LIMIT, Map.of("a", "01234567890"), texts);
        bounded.notWritten(Reason.LIMIT, Map.of("01234567890", "a"), texts);
    }

    @Test
    void bytesAreBoundedOnBothWays() {
        Trial bounded = Trial.of(serde.withMaxBytes(1000));
        ValueType<List<String>> texts = new ValueType<>() {};
        bounded.refused(Reason.LIMIT, "[\"" + "x".repeat(1000) + "\"]", texts);
        bounded.notWritten(Reason.LIMIT, List.of("x".repeat(1000)), texts);
        assertEquals(1000, bounded.write(List.of("x".repeat(996)), texts).length());
    }

    @Test
    void anEndlessValueIsStoppedAtTheBytes() {
        ValueType<Iterable<String>> endless = new ValueType<>() {};
        Iterable<String> source =
                () -> java.util.stream.Stream.generate(() -> "x".repeat(1000)).iterator();
        assertTrue(serde.encodes(endless));
        Trial.of(serde.withMaxBytes(100_000)).notWritten(Reason.LIMIT, source, endless);
    }

    @Test
    void manyNamesAreReadInLinearTime() {
        StringBuilder text = new StringBuilder("[{");
        for (int i = 0; i < 60_000; i++) {
            text.append(i == 0 ? "" : ",").append("\"name").append(i).append("\":1");
        }
        text.append("}");
        text.append(",{\"\\u0061\":1}".repeat(60_000)).append("]");
        JsonNode node = json.read(text.toString(), JsonNode.class);
        assertEquals(60_001, node.size());
    }

    @Test
    void limitsOutOfRangeAreRefused() {
        List<Runnable> wrong = new ArrayList<>();
        wrong.add(() -> serde.withMaxDepth(0));
        wrong.add(() -> serde.withMaxDepth(1001));
        wrong.add(() -> serde.withMaxNumberLength(0));
        wrong.add(() -> serde.withMaxStringLength(0));
        wrong.add(() -> serde.withMaxBytes(0));
        wrong.forEach(one -> assertThrows(IllegalArgumentException.class, one::run));
    }
}
