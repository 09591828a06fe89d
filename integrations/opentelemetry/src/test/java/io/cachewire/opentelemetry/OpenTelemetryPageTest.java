package io.cachewire.opentelemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opentelemetry.api.common.AttributeKey;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of attributes in docs/observability.md. */
class OpenTelemetryPageTest {
    @Test
    void eachAttributeHasARow() throws IOException, IllegalAccessException {
        String page = Files.readString(Path.of("../../docs/observability.md"));
        int start = page.indexOf("## OpenTelemetry");
        Set<String> documented = new TreeSet<>();
        page.substring(start, page.indexOf("\n## ", start + 1))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(0, line.indexOf(" | ", 2)))
                .forEach(cell -> Pattern.compile("`([^`]+)`")
                        .matcher(cell)
                        .results()
                        .forEach(name -> documented.add(name.group(1))));

        Set<String> inCode = new TreeSet<>();
        for (Field field : CallAttributes.class.getDeclaredFields()) {
            if (field.getType() == AttributeKey.class) {
                inCode.add(((AttributeKey<?>) field.get(null)).getKey());
            }
        }
        assertEquals(inCode, documented);
    }
}
