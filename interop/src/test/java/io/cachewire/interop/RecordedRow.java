package io.cachewire.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cachewire.DataBlock;
import io.cachewire.serde.EncodedValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** One value or request as a real client stored or sent it; the files lie packed in the test resources. */
record RecordedRow(String file, int number, JsonNode json) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<RecordedRow> all(String file) {
        try (InputStream in = RecordedRow.class.getResourceAsStream("/interop/" + file + ".json.gz")) {
            if (in == null) {
                throw new IOException("no recordings " + file);
            }
            List<RecordedRow> rows = new ArrayList<>();
            JSON.readTree(new GZIPInputStream(in)).forEach(row -> rows.add(new RecordedRow(file, rows.size(), row)));
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String client() {
        return json.get("client").asText();
    }

    JsonNode config() {
        return json.get("config");
    }

    String value() {
        return json.path("value").asText();
    }

    String text(String field) {
        return json.path(field).asText();
    }

    boolean has(String field) {
        return json.has(field);
    }

    boolean isStored() {
        return json.has("data_base64");
    }

    EncodedValue stored() {
        byte[] data = Base64.getDecoder().decode(text("data_base64"));
        return new EncodedValue(DataBlock.wrap(data), (int) json.get("flags").asLong());
    }

    @Override
    public String toString() {
        return file + " " + number + " " + client() + " " + config() + " " + value();
    }
}
