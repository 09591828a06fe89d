package io.cachewire.verification.servers.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The recordings: for each server its cases, for each case its steps. */
final class Transcripts {
    private static final String RESOURCE = "/io/cachewire/verification/servers/transcripts.json";

    /**
     * Bytes as text, a character each. Of a long text only the beginning is recorded, and how long it was.
     *
     * @param length of the whole text
     */
    record Bytes(String beginning, int length) {
        boolean isWhole() {
            return beginning.length() == length;
        }
    }

    /** What was sent, what came back until it was silent, and whether the server closed. */
    record Step(Bytes send, Bytes reply, boolean closed) {}

    /** One connection's script. */
    record Script(String server, String name, List<Step> steps) {}

    private Transcripts() {}

    static Map<String, List<Script>> read() {
        JsonNode root;
        try (InputStream in = Transcripts.class.getResourceAsStream(RESOURCE)) {
            root = new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, List<Script>> servers = new LinkedHashMap<>();
        root.properties().forEach(server -> {
            List<Script> scripts = new ArrayList<>();
            server.getValue()
                    .properties()
                    .forEach(script ->
                            scripts.add(new Script(server.getKey(), script.getKey(), steps(script.getValue()))));
            servers.put(server.getKey(), scripts);
        });
        return servers;
    }

    private static List<Step> steps(JsonNode node) {
        List<Step> steps = new ArrayList<>();
        for (Iterator<JsonNode> all = node.elements(); all.hasNext(); ) {
            JsonNode step = all.next();
            steps.add(new Step(
                    bytes(step.get("send")),
                    bytes(step.get("reply")),
                    step.path("closed").asBoolean(false)));
        }
        return steps;
    }

    private static Bytes bytes(JsonNode node) {
        if (node.isTextual()) {
            return new Bytes(node.asText(), node.asText().length());
        }
        return new Bytes(node.get("text").asText(), node.get("length").asInt());
    }
}
