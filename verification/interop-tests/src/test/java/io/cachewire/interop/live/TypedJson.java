package io.cachewire.interop.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values as JSON that says their types; the README of the peers describes it. */
final class TypedJson {
    static final ObjectMapper JSON = new ObjectMapper();

    private TypedJson() {}

    static JsonNode of(Object value) {
        ObjectNode node = JSON.createObjectNode();
        if (value == null) {
            return node.put("null", true);
        }
        if (value instanceof String text) {
            return node.put("text", text);
        }
        if (value instanceof byte[] bytes) {
            return node.put("bytes", Base64.getEncoder().encodeToString(bytes));
        }
        if (value instanceof Boolean bit) {
            return node.put("bool", bit);
        }
        if (value instanceof Double real) {
            return node.put("float", real.toString());
        }
        if (value instanceof List<?> list) {
            ArrayNode elements = node.putArray("list");
            list.forEach(element -> elements.add(of(element)));
            return node;
        }
        if (value instanceof Map<?, ?> map) {
            ArrayNode entries = node.putArray("map");
            map.forEach((k, v) -> entries.addArray().add(of(k)).add(of(v)));
            return node;
        }
        return node.put("int", new BigInteger(value.toString()).toString());
    }

    static Object value(JsonNode node) {
        Map.Entry<String, JsonNode> only = node.properties().iterator().next();
        JsonNode value = only.getValue();
        return switch (only.getKey()) {
            case "null" -> null;
            case "text" -> value.textValue();
            case "bytes" -> Base64.getDecoder().decode(value.textValue());
            case "bool" -> value.booleanValue();
            case "float" -> Double.valueOf(value.textValue());
            case "int" -> new BigInteger(value.textValue());
            case "list" -> {
                List<Object> list = new ArrayList<>();
                value.forEach(element -> list.add(value(element)));
                yield list;
            }
            case "map" -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                value.forEach(entry -> map.put(value(entry.get(0)), value(entry.get(1))));
                yield map;
            }
            default -> throw new IllegalArgumentException(only.getKey());
        };
    }
}
