package io.cachewire.verification.servers.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.cachewire.verification.servers.model.ModelServer;
import io.cachewire.verification.servers.model.Models;
import io.cachewire.verification.servers.replay.Player.Answer;
import io.cachewire.verification.servers.replay.Transcripts.Bytes;
import io.cachewire.verification.servers.replay.Transcripts.Script;
import io.cachewire.verification.servers.replay.Transcripts.Step;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every recorded script, played to the model of its server: each reply has the recorded bytes, but for what {@link
 * Mask} names. As when they were recorded, the scripts of one server share its items, and a {@code flush_all} precedes
 * each.
 *
 * <p>Two things of the recorder are not the server's: it stopped to wait for a reply that came late, so that the reply
 * stands in the next step; and where the server closed while it still sent, a reply may be lost.
 */
class ReplayTest {
    private static final int LONG_SEND = 64 * 1024;

    @TestFactory
    Stream<DynamicContainer> theModelAnswersAsItsServer() {
        return Transcripts.read().entrySet().stream().map(entry -> {
            ModelServer server = Models.of(entry.getKey()).start();
            return dynamicContainer(
                    entry.getKey(),
                    Stream.concat(
                            entry.getValue().stream()
                                    .map(script -> dynamicTest(script.name(), () -> replay(server, script))),
                            Stream.of(dynamicTest("ends", server::close))));
        });
    }

    @Test
    void everyModelIsRecorded() {
        Set<String> models =
                Arrays.stream(Models.values()).map(Models::recordedName).collect(Collectors.toSet());
        assertEquals(Transcripts.read().keySet(), models);
    }

    @Test
    void aVersionOfTheCallersChoice() throws IOException, InterruptedException {
        for (String version : List.of("UNKNOWN", "mcrouter 1.0", "1.6.12")) {
            try (ModelServer server = Models.MEMCACHED_1_6_12.start(version);
                    Player player = new Player(server)) {
                assertEquals(
                        "VERSION " + version + "\r\n",
                        player.play("version\r\n").reply());
            }
        }
    }

    private static void replay(ModelServer server, Script script) throws IOException, InterruptedException {
        try (Player flush = new Player(server)) {
            flush.play("flush_all\r\n");
        }
        Mask recordedMask = new Mask();
        Mask modelMask = new Mask();
        try (Player player = new Player(server)) {
            String late = "";
            for (int i = 0; i < script.steps().size(); i++) {
                Step step = script.steps().get(i);
                Answer answer = player.play(whole(step.send()));
                String place = script.server() + ", " + script.name() + ", step " + (i + 1);
                assertEquals(step.closed(), answer.closed(), place + ": closed; reply " + answer.reply());
                String given = late + answer.reply();
                late = "";
                if (step.reply().length() == 0 && !given.isEmpty() && answersLater(script.steps(), i)) {
                    late = given;
                } else if (!step.closed()
                        || step.send().length() < LONG_SEND
                        || !step.reply().beginning().isEmpty()) {
                    compare(place, step.reply(), given, recordedMask, modelMask);
                }
            }
            assertEquals("", late, script.server() + ", " + script.name() + ": never recorded");
        }
    }

    /** Whether a later step was recorded with a reply, which then is the late one. */
    private static boolean answersLater(List<Step> steps, int index) {
        return !steps.get(index).closed()
                && index + 1 < steps.size()
                && steps.get(index + 1).reply().length() > 0;
    }

    private static void compare(String place, Bytes recorded, String given, Mask recordedMask, Mask modelMask) {
        if (recorded.isWhole()) {
            assertEquals(recordedMask.apply(recorded.beginning()), modelMask.apply(given), place);
        } else {
            assertEquals(recorded.length(), given.length(), place);
            assertTrue(given.startsWith(recorded.beginning()), place);
        }
    }

    /** The bytes that were sent, of which a long text has only its beginning recorded. */
    private static String whole(Bytes send) {
        if (send.isWhole()) {
            return send.beginning();
        }
        String beginning = send.beginning();
        String sent = beginning.startsWith("get ")
                ? keys(beginning, send.length())
                : beginning
                        + beginning.substring(beginning.length() - 1).repeat(send.length() - beginning.length() - 2)
                        + "\r\n";
        assertEquals(send.length(), sent.length());
        return sent;
    }

    private static String keys(String beginning, int length) {
        Map<String, String> forms = Map.of("get key0 ", "key%d", "get key000000 ", "key%06d");
        String form = forms.entrySet().stream()
                .filter(entry -> beginning.startsWith(entry.getKey()))
                .findFirst()
                .orElseThrow()
                .getValue();
        StringBuilder line = new StringBuilder("get");
        IntStream.iterate(0, i -> line.length() < length - 2, i -> i + 1)
                .forEach(i -> line.append(' ').append(String.format(form, i)));
        return line + "\r\n";
    }
}
