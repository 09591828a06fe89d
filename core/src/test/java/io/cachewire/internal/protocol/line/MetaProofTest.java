package io.cachewire.internal.protocol.line;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cachewire.internal.protocol.line.MetaProof.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetaProofTest {
    private static final String KEY = "absent";
    private static final String FIRST = "EN kabsent O1f";
    private static final String SECOND = "NS O7fffffe0 kabsent";

    private final MetaProof proof = new MetaProof(KEY, 0x1f);

    private Verdict after(String... lines) {
        Verdict last = Verdict.INCOMPLETE;
        for (String line : lines) {
            assertEquals(Verdict.INCOMPLETE, last);
            last = proof.take(line);
        }
        return last;
    }

    @Test
    void theRequestIsOneReadAndOneReplaceWithAnEmptyBlock() {
        assertEquals("mg absent v k O1f\r\nms absent 0 MR O7fffffe0 k\r\n\r\n", new String(proof.request(), US_ASCII));
    }

    @Test
    void bothEchoesProveIt() {
        assertEquals(Verdict.PROVEN, after(FIRST, SECOND));
    }

    @ParameterizedTest
    @CsvSource({
        "EN O1f kabsent,NS kabsent O7fffffe0",
        "EN  kabsent  O1f,NS O7fffffe0 kabsent ",
        "EN kabsent O1f y7,NS O7fffffe0 kabsent"
    })
    void theOrderAndUnknownFlagsDoNotMatter(String first, String second) {
        assertEquals(Verdict.PROVEN, after(first, second));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"EN", "EN kabsent", "EN O1f", "EN ", "CLIENT_ERROR bad command line format", "CLIENT_ERROR"})
    void lessThanTheEchoMeansText(String line) {
        assertEquals(Verdict.TEXT, after(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NS", "NS kabsent", "NS O7fffffe0", "CLIENT_ERROR invalid flag"})
    void lessThanTheSecondEchoMeansText(String line) {
        assertEquals(Verdict.TEXT, after(FIRST, line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EN kabsent O20",
                "EN kother O1f",
                "EN kabsent O1F",
                "EN kabsent O1f O1f",
                "EN kabsent kabsent O1f",
                "EN O20",
                "NS kabsent O1f",
                "HD kabsent O1f",
                "VA 0 kabsent O1f",
                "MN",
                "END",
                "VERSION 1.6.18",
                "HTTP/1.1 400 Bad Request",
                "ERRORS",
                "ENkabsent O1f",
                ""
            })
    void anotherAnswerProvesNothing(String line) {
        assertEquals(Verdict.FOREIGN, after(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {FIRST, "EN", "HD", "NS O1f kabsent", "NS O7fffffe0 kother", "HD O7fffffe0 kabsent", "STORED"})
    void anotherSecondAnswerProvesNothing(String line) {
        assertEquals(Verdict.FOREIGN, after(FIRST, line));
    }

    @Test
    void aBareErrorIsAQuestion() {
        assertEquals(Verdict.UNKNOWN_COMMAND, after("ERROR"));
        assertEquals(Verdict.UNKNOWN_COMMAND, proof.take("ERROR"));
        assertEquals(Verdict.UNKNOWN_COMMAND, after(FIRST, "ERROR"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ERROR Too many open connections", "SERVER_ERROR out of memory", "SERVER_ERROR"})
    void aServerThatCannotServeNowSaysNothingOfItsDialect(String line) {
        assertEquals(Verdict.REFUSED, after(line));
    }

    @Test
    void theServerWantsALogin() {
        for (String line : List.of("CLIENT_ERROR unauthenticated", "CLIENT_ERROR authentication failure")) {
            assertEquals(Verdict.LOGIN, proof.take(line));
        }
    }
}
