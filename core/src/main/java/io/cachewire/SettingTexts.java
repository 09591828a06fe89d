package io.cachewire;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads settings from texts by name, and writes them. */
final class SettingTexts {
    private static final String ENVIRONMENT = "CACHEWIRE_";
    private static final String CONNECTION_STRING = ENVIRONMENT + "CONNECTION_STRING";

    /** More changes than this in a name make it another name. */
    private static final int MAX_TYPOS = 2;

    private static final Map<String, Part> PARTS = parts();

    private SettingTexts() {}

    /** What one name sets: a setting, or a part of one. */
    private record Part(Setting<?> setting, String ending) {
        String name() {
            return setting.name() + ending;
        }
    }

    private static Map<String, Part> parts() {
        Map<String, Part> parts = new LinkedHashMap<>();
        for (Setting<?> setting : Setting.all()) {
            TextForm<?> form = setting.text();
            if (form != null) {
                for (String ending : form.endings()) {
                    Part part = new Part(setting, ending);
                    parts.put(canonical(part.name()), part);
                }
            }
        }
        return parts;
    }

    /** What all spellings of a name have in common. */
    static String canonical(String name) {
        return name.replaceAll("[-_.]", "").toLowerCase(Locale.ROOT);
    }

    /** Reads all of them, then sets them. */
    static void apply(Map<String, String> texts, ClientBuilder<?> builder) {
        Map<String, Map<String, String>> bySetting = new HashMap<>();
        texts.forEach((name, text) -> {
            Part part = part(Objects.requireNonNull(name, "name"));
            if (text == null) {
                throw new IllegalRequestException(part.name() + " has no text");
            }
            Map<String, String> ofSetting =
                    bySetting.computeIfAbsent(part.setting().name(), none -> new HashMap<>());
            if (ofSetting.put(part.ending(), text) != null) {
                throw new IllegalRequestException(part.name() + " is named twice");
            }
        });
        for (Setting<?> setting : Setting.all()) {
            Map<String, String> ofSetting = bySetting.get(setting.name());
            if (ofSetting != null) {
                set(setting, ofSetting, builder);
            }
        }
    }

    private static <T> void set(Setting<T> setting, Map<String, String> texts, ClientBuilder<?> builder) {
        T value;
        try {
            value = Objects.requireNonNull(setting.text()).read(texts);
        } catch (IllegalRequestException e) {
            throw new IllegalRequestException(setting.name() + ": " + e.getMessage());
        }
        setting.set(builder, value);
    }

    private static Part part(String name) {
        Part part = PARTS.get(canonical(name));
        if (part == null) {
            throw new IllegalRequestException("unknown setting \"" + Escaped.text(name) + "\"; " + advice(name));
        }
        return part;
    }

    private static String advice(String name) {
        for (Setting<?> setting : Setting.all()) {
            if (canonical(setting.name()).equals(canonical(name))) {
                TextForm<?> form = setting.text();
                return form == null
                        ? "no text can say it, set it in the program"
                        : form.endings().stream()
                                .map(ending -> setting.name() + ending)
                                .collect(Collectors.joining(" and ", "its parts are ", ""));
            }
        }
        for (Map.Entry<String, Part> known : PARTS.entrySet()) {
            if (!name.isEmpty() && known.getKey().endsWith(canonical(name))) {
                return "did you mean " + known.getValue().name() + "?";
            }
        }
        return PARTS.keySet().stream()
                .filter(known -> distance(canonical(name), known) <= MAX_TYPOS)
                .min(Comparator.comparingInt(known -> distance(canonical(name), known)))
                .map(known -> "did you mean "
                        + Objects.requireNonNull(PARTS.get(known)).name() + "?")
                .orElseGet(() ->
                        "there are " + PARTS.values().stream().map(Part::name).collect(Collectors.joining(", ")));
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    /** What the variables say; a variable of one setting wins over the connection string. */
    static Map<String, String> ofEnvironment(Map<String, String> variables) {
        Map<String, String> texts = new TreeMap<>((a, b) -> canonical(a).compareTo(canonical(b)));
        String connection = variables.get(CONNECTION_STRING);
        if (connection != null) {
            texts.putAll(ConnectionString.parse(connection));
        }
        variables.forEach((name, text) -> {
            if (name.startsWith(ENVIRONMENT) && !name.equals(CONNECTION_STRING)) {
                texts.put(name.substring(ENVIRONMENT.length()), text);
            }
        });
        return texts;
    }

    /** The settings that differ from their defaults, as far as a text can say them. */
    static Map<String, String> of(ClientSettings settings) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Setting<?> setting : Setting.all()) {
            // a gutter chooses its failure mode when it is read, so another one has to be said
            boolean said = setting == Setting.FAILURE_MODE && settings.gutter() != null;
            if (said || !Objects.equals(settings.get(setting), setting.initial())) {
                write(setting, settings, texts);
            }
        }
        return texts;
    }

    private static <T> void write(Setting<T> setting, ClientSettings settings, Map<String, String> texts) {
        TextForm<T> form = setting.text();
        if (form != null) {
            Map<String, String> written = form.write(settings.get(setting));
            for (String ending : form.endings()) {
                String text = written.get(ending);
                if (text != null) {
                    texts.put(setting.name() + ending, text);
                }
            }
        }
    }
}
