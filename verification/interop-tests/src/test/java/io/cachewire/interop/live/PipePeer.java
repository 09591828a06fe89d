package io.cachewire.interop.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cachewire.ServerAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A client of another language, in a process of its own, asked by lines of JSON. */
final class PipePeer implements Peer {
    private static final int LONGEST_ANSWER_SECONDS = 60;

    private final Process process;
    private final Writer in;
    private final BufferedReader out;
    private final Path errors;
    private final String version;

    /** Starts the program and lets it connect; {@code setup} is JSON for the program. */
    PipePeer(List<String> command, List<ServerAddress> servers, String setup) {
        try {
            errors = Files.createTempFile("peer", ".err");
            process = new ProcessBuilder(command)
                    .directory(Program.folder().toFile())
                    .redirectError(errors.toFile())
                    .start();
            in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            ObjectNode request = request("open");
            ArrayNode list = request.putArray("servers");
            servers.forEach(server -> list.addArray().add(server.toString()).add(server.weight()));
            request.set("setup", TypedJson.JSON.readTree(setup));
            version = ask(request).get("version").textValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public Map<String, String> store(Map<String, ?> values, int ttlSeconds) {
        ObjectNode request = request("set").put("ttl", ttlSeconds);
        ArrayNode items = request.putArray("items");
        values.forEach((key, value) -> items.addArray().add(key).add(TypedJson.of(value)));
        return failed(ask(request));
    }

    @Override
    public Fetched fetch(Collection<String> keys) {
        ObjectNode request = request("get");
        ArrayNode list = request.putArray("keys");
        keys.forEach(list::add);
        JsonNode answer = ask(request);
        Map<String, Object> hits = new LinkedHashMap<>();
        answer.get("items").forEach(item -> hits.put(item.get(0).textValue(), TypedJson.value(item.get(1))));
        return new Fetched(hits, failed(answer));
    }

    private static Map<String, String> failed(JsonNode answer) {
        Map<String, String> failed = new LinkedHashMap<>();
        answer.get("failed")
                .properties()
                .forEach(e -> failed.put(e.getKey(), e.getValue().asText()));
        return failed;
    }

    @Override
    public long increment(String key, long by) {
        JsonNode answer = ask(request("increment").put("key", key).put("by", by));
        return Long.parseLong(answer.get("value").textValue());
    }

    @Override
    public Boolean touch(String key, int ttlSeconds) {
        JsonNode answer = ask(request("touch").put("key", key).put("ttl", ttlSeconds));
        return answer.has("unsupported") ? null : answer.get("done").booleanValue();
    }

    @Override
    public void delete(String key) {
        ask(request("delete").put("key", key));
    }

    private static ObjectNode request(String operation) {
        return TypedJson.JSON.createObjectNode().put("op", operation);
    }

    /** A program that does not answer in time is ended, which ends the read. */
    private JsonNode ask(ObjectNode request) {
        Deadline deadline = new Deadline(process, LONGEST_ANSWER_SECONDS);
        try (deadline) {
            in.write(TypedJson.JSON.writeValueAsString(request));
            in.write('\n');
            in.flush();
            String line = out.readLine();
            if (line == null) {
                throw new AssertionError("the peer ended after " + request.get("op") + ": " + Files.readString(errors));
            }
            JsonNode answer = TypedJson.JSON.readTree(line);
            String error = Optional.ofNullable(answer.get("error"))
                    .map(JsonNode::asText)
                    .orElse("");
            if (!error.isEmpty()) {
                throw new AssertionError(request.get("op") + ": " + error);
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            in.close();
            if (!process.waitFor(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.delete(errors);
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
