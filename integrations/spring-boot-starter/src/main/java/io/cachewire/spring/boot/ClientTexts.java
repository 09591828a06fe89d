package io.cachewire.spring.boot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The properties {@code cachewire.*} that are settings of the client, as texts by name. {@code cachewire.servers} may be one text or a list.
 *
 * @param servers empty when there is no such property
 * @param others all but the servers and what is the starter's own
 * @param isWithoutServers whether the property is there and names none
 */
record ClientTexts(List<String> servers, Map<String, String> others, boolean isWithoutServers) {
    private static final Pattern ELEMENT = Pattern.compile("(.+?)[.\\[](\\d+)]?");
    private static final Pattern OWN = Pattern.compile("enabled|(?:cache|ssl|health)\\..*");

    static ClientTexts of(Environment environment) {
        Map<String, String> all = Binder.get(environment)
                .bind("cachewire", Bindable.mapOf(String.class, String.class))
                .orElse(Map.of());
        Map<String, TreeMap<Integer, String>> byName = new LinkedHashMap<>();
        all.forEach((name, text) -> {
            Matcher element = ELEMENT.matcher(name);
            boolean isElement = element.matches();
            byName.computeIfAbsent(isElement ? element.group(1) : name, none -> new TreeMap<>())
                    .put(isElement ? Integer.parseInt(element.group(2)) : -1, text);
        });
        TreeMap<Integer, String> servers = byName.remove("servers");
        List<String> named = servers == null
                ? List.of()
                : servers.values().stream()
                        .flatMap(text -> Stream.of(text.split(",", -1)))
                        .map(String::trim)
                        .filter(text -> !text.isEmpty())
                        .toList();
        Map<String, String> others = new LinkedHashMap<>();
        byName.forEach((name, texts) -> {
            if (!OWN.matcher(name).matches()) {
                others.put(name, String.join(",", texts.values()));
            }
        });
        return new ClientTexts(named, others, servers != null && named.isEmpty());
    }
}
