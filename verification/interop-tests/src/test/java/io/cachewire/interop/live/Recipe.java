package io.cachewire.interop.live;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A recipe of docs/interop.md.
 *
 * @param title its heading
 * @param theirs the other side's code
 * @param ours the settings of our client, and what is done with it
 */
record Recipe(String title, String theirs, String ours) {
    private static final Pattern SECTION = Pattern.compile("\n### (.*?)\n(.*?)(?=\n###? )", Pattern.DOTALL);
    private static final Pattern BLOCK = Pattern.compile("```\\w+\n(.*?)```", Pattern.DOTALL);

    /** All recipes of a page. */
    static List<Recipe> in(String page) {
        List<Recipe> recipes = new ArrayList<>();
        Matcher section = SECTION.matcher(page);
        while (section.find()) {
            List<String> blocks = BLOCK.matcher(section.group(2))
                    .results()
                    .map(block -> block.group(1))
                    .toList();
            if (blocks.size() != 2) {
                throw new AssertionError(section.group(1) + " has " + blocks.size() + " blocks of code");
            }
            recipes.add(new Recipe(section.group(1), blocks.get(0), blocks.get(1)));
        }
        return recipes;
    }

    /** The other side's code with servers that exist, given as host and port. */
    String theirsAt(List<String> servers) {
        String code = theirs;
        for (int i = 0; i < servers.size(); i++) {
            String host = servers.get(i).substring(0, servers.get(i).indexOf(':'));
            String port = servers.get(i).substring(host.length() + 1);
            for (String named : List.of("cache-" + (i + 1), "10.0.0." + (i + 1))) {
                code = code.replaceAll(Pattern.quote(named) + "(['\"]?[:,] ?)11211", host + "$1" + port);
            }
        }
        return code;
    }

    /** A method body that reads a key with our client, and does before it what the recipe shows. */
    String oursReading(String key) {
        Stream<String> lines = ours.lines();
        String settings = String.join(
                "\n", lines.filter(line -> line.strip().startsWith(".")).toList());
        String rest = String.join(
                "\n", ours.lines().filter(line -> !line.strip().startsWith(".")).toList());
        return "try (BlockingMemcachedClient cache = BlockingMemcachedClient.builder(servers)\n" + settings
                + "\n.requestTimeout(java.time.Duration.ofSeconds(30)).build()) {\n" + rest
                + "\nreturn cache.get(\"" + key + "\", Object.class);\n}";
    }
}
