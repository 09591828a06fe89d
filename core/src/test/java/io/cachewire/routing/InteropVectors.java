package io.cachewire.routing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cachewire.DataBlock;
import io.cachewire.ServerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Answers of the real clients, recorded; the files lie packed in the test resources. */
final class InteropVectors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private InteropVectors() {}

    /** One recorded placement: where each key went. */
    record Row(String file, int number, List<String> keys, JsonNode json) {
        String client() {
            return json.get("client").asText();
        }

        JsonNode config() {
            return json.get("config");
        }

        String mode() {
            return config().path("mode").asText();
        }

        List<ServerAddress> servers() {
            if (json.get("servers").isInt()) {
                return java.util.stream.IntStream.range(0, json.get("servers").asInt())
                        .mapToObj(i -> new ServerAddress("server-" + i, 11211))
                        .toList();
            }
            List<ServerAddress> servers = new ArrayList<>();
            for (JsonNode text : json.get("servers")) {
                ServerAddress server = ServerAddress.parse(text.asText());
                int weight =
                        hasWeights() ? json.get("weights").get(servers.size()).asInt() : 1;
                servers.add(server.withWeight(Math.max(1, weight)));
            }
            return servers;
        }

        boolean hasWeights() {
            return json.get("weights").isArray();
        }

        /** The texts of a list in the row. */
        List<String> texts(String field) {
            List<String> texts = new ArrayList<>();
            json.path(field).forEach(text -> texts.add(text.asText()));
            return texts;
        }

        DataBlock key(int i) {
            return DataBlock.ofUtf8(keys.get(i));
        }

        JsonNode placement(int i) {
            return json.get("placement").get(i);
        }

        String name() {
            String config = config().toString();
            return number + " " + client() + " " + (config.length() > 120 ? config.substring(0, 120) + "…" : config)
                    + " " + json.path("set").asText() + " "
                    + json.get("servers").size() + " servers"
                    + (hasWeights() ? " weights " + json.get("weights") : "")
                    + (json.has("down")
                            ? " down " + json.get("down") + " "
                                    + json.get("when").asText()
                            : "");
        }
    }

    static List<Row> rows(String file) {
        try (InputStream in = open(file)) {
            JsonNode root = JSON.readTree(in);
            List<String> keys = new ArrayList<>();
            root.get("keys").forEach(key -> keys.add(key.asText()));
            List<Row> rows = new ArrayList<>();
            root.get("rows").forEach(row -> rows.add(new Row(file, rows.size(), keys, row)));
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A table of hashes: the lines split at commas, the first with the names of the columns. */
    static List<String[]> table(String file) {
        try (InputStream in = open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(",", -1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static DataBlock hex(String hex) {
        return DataBlock.wrap(HexFormat.of().parseHex(hex));
    }

    private static InputStream open(String file) throws IOException {
        InputStream in = InteropVectors.class.getResourceAsStream("/interop/" + file + ".gz");
        if (in == null) {
            throw new IOException("no vectors " + file);
        }
        return new GZIPInputStream(in);
    }
}
